"""Gettext catalogues: sr_Cyrl is the source, sr_Latn is derived from it by `make messages`, en is translated."""
