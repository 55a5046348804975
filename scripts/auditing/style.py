"""How the page looks, by day and by night."""

STYLE = """
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --ink: #1d1d1f; --soft: #63636a; --line: #dcdad4;
  --sure: #0b6b3a; --possible: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ground: #17181a; --card: #212326; --ink: #ececec; --soft: #a5a7ad;
  --line: #383b40; --sure: #6fd39c; --possible: #f0b955; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 78rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .25rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
header p { margin: .25rem 0; max-width: 62rem; }
.why, .none { color: var(--soft); max-width: 62rem; margin: 0 0 1rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem;
  margin: 0 0 .9rem; }
article ul { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; margin: 0 0 .4rem;
  padding: 0; font-size: .9rem; }
article ul span { color: var(--soft); }
b.sure, b.possible { font-size: .78rem; border: 1px solid; border-radius: 99px; padding: .05rem .5rem;
  margin-left: .3rem; }
b.sure { color: var(--sure); } b.possible { color: var(--possible); }
figure { margin: .4rem 0 0; max-width: 100%; overflow-x: auto; } figcaption { font-size: .82rem; color: var(--soft); }
figure img { display: block; max-width: none; border-radius: 4px; }
.row { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; margin-bottom: 1rem; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .8rem .25rem 0; text-align: right; }
th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
"""
