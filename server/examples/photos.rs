//! JPEGs as cameras leave them, for the bench: `photos FOLDER COUNT SIDE`. They are the demo's pictures at a size that is
//! uploaded, each with grain of its own, so that no two are the same file and none is easier to encode than a photograph.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, count, side] = arguments.as_slice() else { return Err("photos FOLDER COUNT SIDE".into()) };
    let (folder, count, side) = (Path::new(folder), count.parse::<u32>()?, side.parse::<u32>()?);
    fs::create_dir_all(folder)?;
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/pictures");
    let mut sources: Vec<_> = fs::read_dir(sources)?.collect::<Result<_, _>>()?;
    sources.sort_by_key(fs::DirEntry::path);
    // Ten scenes are enough to choose from, and scaling one is slower than adding grain to it.
    let scenes: Vec<_> = sources
        .iter()
        .step_by((sources.len() / 10).max(1))
        .map(|source| Ok(image::open(source.path())?.resize_to_fill(side, side, FilterType::Triangle).into_rgb8()))
        .collect::<Result<_, image::ImageError>>()?;
    let mut seed = 1_u32;
    for number in 0..count {
        let mut photo = scenes[number as usize % scenes.len()].clone();
        for channel in photo.iter_mut() {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *channel = channel.saturating_add_signed(((seed >> 24) as i32 % 7 - 3) as i8);
        }
        let file = BufWriter::new(File::create(folder.join(format!("{number}.jpg")))?);
        JpegEncoder::new_with_quality(file, 90).encode_image(&photo)?;
    }
    Ok(())
}
