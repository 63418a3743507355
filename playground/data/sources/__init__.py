"""The sources of data: formulas, packs that ship, downloads, folders, drawings and uploads."""
