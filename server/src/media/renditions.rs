//! The files that a picture is kept as.

use super::{MediaError, WIDTHS};
use fast_image_resize::Resizer;
use image::DynamicImage;

/// The soft grounds that product photos stand on show steps and blocks below it; a sixth more bytes than at 86.
const QUALITY: f32 = 90.0;

/// A picture in one width.
pub struct Rendition {
    /// Pixels.
    pub width: u32,
    pub height: u32,
    pub webp: Vec<u8>,
}

fn widths_of(original: u32) -> Vec<u32> {
    let largest = original.min(WIDTHS[WIDTHS.len() - 1]);
    WIDTHS.into_iter().filter(|&width| width < largest).chain([largest]).collect()
}

/// All widths, rising.
pub fn renditions(picture: DynamicImage) -> Result<Vec<Rendition>, MediaError> {
    let picture = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.into_rgb8())
    };
    let widths = widths_of(picture.width());
    let mut made = Vec::with_capacity(widths.len());
    // From wide to narrow, each from the one before: the cost of the first, and no visible loss.
    let mut scaled = picture;
    let mut resizer = Resizer::new();
    for &width in widths.iter().rev() {
        if scaled.width() != width {
            let height = u64::from(scaled.height()) * u64::from(width);
            let height = (height + u64::from(scaled.width()) / 2) / u64::from(scaled.width());
            let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
            let mut smaller = DynamicImage::new(width, height, scaled.color());
            // Lanczos of three lobes, with colours weighted by their opacity.
            resizer.resize(&scaled, &mut smaller, None).map_err(|_| MediaError::Encoding)?;
            scaled = smaller;
        }
        made.push(Rendition { width, height: scaled.height(), webp: encode(&scaled)? });
    }
    made.reverse();
    Ok(made)
}

fn encode(picture: &DynamicImage) -> Result<Vec<u8>, MediaError> {
    let (width, height) = (picture.width(), picture.height());
    let encoder = match picture {
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, width, height),
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels, width, height),
        _ => return Err(MediaError::Encoding),
    };
    let encoded = encoder.encode_simple(false, QUALITY).map_err(|_| MediaError::Encoding)?;
    Ok(encoded.to_vec())
}
