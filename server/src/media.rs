//! Product pictures: decoded, scaled, re-encoded as WebP and kept in the media folder.
