//! The shop's key: what is only as good as it is secret hangs on it.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{ErrorKind, Write};
use std::path::Path;

const NONCE: usize = 24;

/// 256 bits. Its text form never leaves it.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The key is shorter than 256 bits of text could be.
#[derive(Debug, thiserror::Error)]
#[error("the shop’s key must be at least 32 characters long")]
pub struct TooShort;

impl Secret {
    /// # Errors
    /// For fewer than 32 characters.
    pub fn from_text(text: &str) -> Result<Self, TooShort> {
        let text = text.trim();
        if text.len() < 32 {
            return Err(TooShort);
        }
        Ok(Self(Sha256::digest(text.as_bytes()).into()))
    }

    /// Reads the key, or makes one that only its owner can read.
    ///
    /// # Errors
    /// When the file can't be read or made, or holds too short a key.
    pub fn from_file(path: &Path) -> std::io::Result<Self> {
        if !path.exists() {
            make(path)?;
        }
        Self::from_text(&std::fs::read_to_string(path)?).map_err(std::io::Error::other)
    }

    /// HMAC-SHA-256 over the parts, each led by its length, so that no two lists of parts are the same message.
    /// `purpose` keeps what was made for one use from being good for another.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.hmac(purpose, parts).finalize().into_bytes().into()
    }

    /// Whether `mac` is what [`Secret::mac`] makes; takes as long for every wrong one.
    pub fn is_mac(&self, purpose: &str, parts: &[&[u8]], mac: &[u8]) -> bool {
        self.hmac(purpose, parts).verify_slice(mac).is_ok()
    }

    fn hmac(&self, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        // A key shorter than the hash's block is filled up with zeros, by HMAC's definition.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&key.into());
        for part in [purpose.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.mac("seal", &[]).into())
    }

    /// Encrypted and authenticated, under a nonce of its own.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = rand::random();
        let mut sealed = nonce.to_vec();
        // Fails only for texts beyond 256 GiB.
        sealed.extend(self.cipher().encrypt(&XNonce::from(nonce), plain).unwrap_or_default());
        sealed
    }

    /// `None` for what this key has not sealed.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher().decrypt(&XNonce::from(*nonce), sealed).ok()
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("SHOPFRONT_SECRET: {0}")]
    Text(TooShort),
    #[error("the shop’s key in {path}: {reason}")]
    File { path: String, reason: String },
}

impl SecretError {
    fn file(path: &Path, reason: &dyn fmt::Display) -> Self {
        Self::File { path: path.display().to_string(), reason: reason.to_string() }
    }
}

/// The key as configured, or else the file's. `None` if neither is there.
///
/// # Errors
/// When either can't be read or is too short.
pub fn find(text: Option<&str>, path: &Path) -> Result<Option<Secret>, SecretError> {
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        return Secret::from_text(text).map(Some).map_err(SecretError::Text);
    }
    match std::fs::read_to_string(path) {
        Ok(text) => Secret::from_text(&text).map(Some).map_err(|error| SecretError::file(path, &error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SecretError::file(path, &error)),
    }
}

/// As [`find`], but a file that isn't there is made, for its owner's eyes only.
///
/// # Errors
/// As [`find`], and when the file can't be made.
pub fn load(text: Option<&str>, path: &Path) -> Result<Secret, SecretError> {
    if let Some(secret) = find(text, path)? {
        return Ok(secret);
    }
    make(path).map_err(|error| SecretError::file(path, &error))?;
    // Another process may have made it first: what is in the file counts.
    find(None, path)?.ok_or_else(|| SecretError::file(path, &"it is gone again"))
}

/// Written beside its place and then linked into it, so that no process reads half of it and none replaces another's.
fn make(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let random: [u8; 32] = rand::random();
    let draft = path.with_extension(hex::encode(&random[..4]));
    let random: [u8; 32] = rand::random();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(&draft)?, "{}", hex::encode(random))?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// SHA-256 of a random token: the token itself is never stored.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_only() {
        let ours = Secret::from_text("0123456789abcdef0123456789abcdef").unwrap();
        let theirs = Secret::from_text("0123456789abcdef0123456789abcdeg").unwrap();
        let sealed = ours.seal(b"123456");
        assert_eq!(ours.open(&sealed).as_deref(), Some(&b"123456"[..]));
        assert_eq!(theirs.open(&sealed), None);
        assert_ne!(sealed, ours.seal(b"123456"));
        assert_eq!(ours.open(b"short"), None);
    }

    #[test]
    fn parts_can_not_be_shifted_into_each_other() {
        let key = Secret::from_text("0123456789abcdef0123456789abcdef").unwrap();
        assert_ne!(key.mac("code", &[b"ab", b"c"]), key.mac("code", &[b"a", b"bc"]));
        assert_ne!(key.mac("code", &[b"ab"]), key.mac("throttle", &[b"ab"]));
        assert!(key.is_mac("code", &[b"ab"], &key.mac("code", &[b"ab"])));
        assert!(!key.is_mac("code", &[b"ab"], &key.mac("code", &[b"ac"])) && !key.is_mac("code", &[b"ab"], b""));
        assert!(Secret::from_text("short").is_err());
    }
    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let folder = std::env::temp_dir().join(format!("shopfront-secret-{}", uuid::Uuid::new_v4()));
        let path = folder.join("data/secret");
        assert!(find(None, &path).unwrap().is_none() && !folder.exists(), "looking makes nothing");
        let first = load(None, &path).unwrap();
        let again = load(Some("  "), &path).unwrap();
        assert_eq!(first.mac("x", &[]), again.mac("x", &[]));
        assert_ne!(first.mac("x", &[]), load(Some(&"k".repeat(32)), &path).unwrap().mac("x", &[]));
        assert!(load(Some("short"), &path).is_err());
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
        std::fs::write(&path, "short").unwrap();
        assert!(load(None, &path).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
