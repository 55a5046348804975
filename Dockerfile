# docker build -t packed-scenes . && docker run --rm -v "$PWD:/photos" packed-scenes photo=/photos/shelf.jpeg \
#   boxes=/photos/shelf.json output_dir=/photos/out
# On Linux the pinned torch brings CUDA's libraries, several gigabytes. For a machine without GPU delete the lines that
# begin with cuda-, nvidia- and triton from requirements.lock, and install the CPU build of the same torch version first.
FROM python:3.11-slim

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps -e .

ENTRYPOINT ["python", "-m", "scripts.group"]
