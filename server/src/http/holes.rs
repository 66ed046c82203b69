//! A document that is sent many times, with holes where one answer differs from another.

use bytes::Bytes;

/// The pieces of a document between its holes, which share its memory.
pub struct Holes<H> {
    /// Each with the hole behind it.
    pieces: Vec<(Bytes, H)>,
    rest: Bytes,
}

impl<H: Copy + PartialEq> Holes<H> {
    /// Makes a hole of every occurrence of a mark. Where two could begin at the same place, the first named does.
    pub fn cut(body: &Bytes, marks: &[(&str, H)]) -> Self {
        let mut pieces = Vec::new();
        let (mut start, mut at) = (0, 0);
        while at < body.len() {
            match marks.iter().find(|(mark, _)| body[at..].starts_with(mark.as_bytes())) {
                Some((mark, hole)) if !mark.is_empty() => {
                    pieces.push((body.slice(start..at), *hole));
                    at += mark.len();
                    start = at;
                }
                _ => at += 1,
            }
        }
        Self { pieces, rest: body.slice(start..) }
    }

    /// How many holes there are of a kind.
    pub fn count(&self, hole: H) -> usize {
        self.pieces.iter().filter(|piece| piece.1 == hole).count()
    }

    /// Bytes without what goes into the holes.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.0.len()).sum::<usize>() + self.rest.len()
    }

    /// The document with its holes filled.
    pub fn filled<'a>(&self, with: impl Fn(H) -> &'a str) -> Vec<u8> {
        let more: usize = self.pieces.iter().map(|(_, hole)| with(*hole).len()).sum();
        let mut body = Vec::with_capacity(self.len() + more);
        for (piece, hole) in &self.pieces {
            body.extend_from_slice(piece);
            body.extend_from_slice(with(*hole).as_bytes());
        }
        body.extend_from_slice(&self.rest);
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hole_is_filled_with_what_belongs_there() {
        let body = Bytes::from_static(b"<a nonce=OLD>NAME, {NAME}</a><b nonce=OLD>");
        let cut = Holes::cut(&body, &[("OLD", 'n'), ("{NAME}", 'd'), ("NAME", 'v'), ("", 'x')]);
        assert_eq!((cut.count('n'), cut.count('d'), cut.count('v'), cut.count('x')), (2, 1, 1, 0));
        let filled = cut.filled(|hole| match hole {
            'n' => "new",
            'd' => "[]",
            _ => "Ann",
        });
        assert_eq!(String::from_utf8(filled).as_deref(), Ok("<a nonce=new>Ann, []</a><b nonce=new>"));
    }

    #[test]
    fn what_has_no_mark_stays_whole() {
        let body = Bytes::from_static(b"{}");
        assert_eq!(Holes::cut(&body, &[("OLD", ())]).filled(|()| "new"), b"{}");
    }
}
