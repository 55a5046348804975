"""Who asks a person about a photo, and what comes of it: this project, its peers, and questions at random."""
