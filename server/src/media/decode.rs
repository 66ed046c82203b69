//! Reading pictures that come from outside.

use super::{MAX_BYTES, MAX_PIXELS, MAX_SIDE, MediaError};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// What can be said of a file before a pixel is unpacked: the limits are checked on the header, so that a small file can't
/// ask for gigabytes.
pub fn inspect(bytes: &[u8]) -> Result<ImageFormat, MediaError> {
    if bytes.len() > MAX_BYTES {
        return Err(MediaError::TooManyBytes);
    }
    let format = image::guess_format(bytes).map_err(|_| MediaError::UnknownFormat)?;
    let end = match format {
        ImageFormat::Jpeg => jpeg_end(bytes),
        ImageFormat::Png => png_end(bytes),
        ImageFormat::WebP => webp_end(bytes),
        _ => return Err(MediaError::UnknownFormat),
    };
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = reader.into_dimensions().map_err(|_| MediaError::Damaged)?;
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(MediaError::TooManyPixels { width, height });
    }
    let end = end.ok_or(MediaError::Damaged)?;
    let rest = bytes.get(end..).ok_or(MediaError::Damaged)?;
    if !is_harmless_rest(format, rest) {
        return Err(MediaError::TrailingData);
    }
    if is_animated(format, bytes) {
        return Err(MediaError::Animated);
    }
    Ok(format)
}

/// Decodes what may be decoded.
pub fn decode(bytes: &[u8]) -> Result<DynamicImage, MediaError> {
    let format = inspect(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    // 16 bits a channel are four times what is kept; beyond that a header lies.
    limits.max_alloc = Some(MAX_PIXELS * 8 + 64 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| MediaError::Damaged)?;
    let orientation = decoder.orientation().map_err(|_| MediaError::Damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| MediaError::Damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// A picture that is also something else (an archive, a page, a program) hides it behind its end. Re-encoding drops it
/// anyway; refusing says so to whoever sent it. Zeros are padding, and phones put further JPEGs (a gain map, a
/// thumbnail) behind the first one.
fn is_harmless_rest(format: ImageFormat, rest: &[u8]) -> bool {
    let padding = rest.iter().take_while(|&&byte| byte == 0).count();
    let rest = &rest[padding..];
    rest.is_empty()
        || (format == ImageFormat::Jpeg
            && rest.starts_with(&[0xff, 0xd8])
            && jpeg_end(rest).and_then(|end| rest.get(end..)).is_some_and(|rest| is_harmless_rest(format, rest)))
}

/// The offset behind a JPEG's end marker.
fn jpeg_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        // Entropy-coded data, and fill bytes, up to a marker that is neither a stuffed zero nor a restart.
        while !(*bytes.get(at)? == 0xff && !matches!(*bytes.get(at + 1)?, 0x00 | 0xd0..=0xd7 | 0xff)) {
            at += 1;
        }
        match bytes[at + 1] {
            0xd9 => return Some(at + 2),
            0x01 | 0xd8 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?])),
        }
    }
}

/// The offset behind a PNG's last chunk.
fn png_end(bytes: &[u8]) -> Option<usize> {
    png_chunk(bytes, b"IEND")
}

/// The offset behind a PNG's first chunk of this kind.
fn png_chunk(bytes: &[u8], kind: &[u8; 4]) -> Option<usize> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let end = at.checked_add(12)?.checked_add(usize::try_from(length).ok()?)?;
        if bytes.get(at + 4..at + 8)? == kind {
            return Some(end);
        }
        at = end;
    }
}

/// Of several pictures one would be kept, and nobody knows whether that is the one that was meant.
fn is_animated(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Png => png_chunk(bytes, b"acTL").is_some(),
        ImageFormat::WebP => bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 0x02 != 0),
        _ => false,
    }
}

/// The offset behind a WebP's container, whose length is padded to an even one.
fn webp_end(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let length = usize::try_from(length).ok()?;
    let end = length.checked_add(8)?;
    // Some encoders leave the last padding byte out.
    Some(if length % 2 == 1 && bytes.len() > end { end + 1 } else { end })
}
