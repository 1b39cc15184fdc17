"""The catalogue as files: figures, values, pages and executed notebooks.

`closure` says what an artefact depends on; `figures`, `claims`, `notebooks` and `gathered` make the
files; `store` keeps them under a key of all that they depend on; `build` puts it together.
"""
