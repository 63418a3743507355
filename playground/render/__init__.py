"""Pictures: as bytes, thumbnails, figures, animations."""
