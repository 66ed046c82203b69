//! A bucket as the place of the pictures, named by a URL such as `s3://bucket/folder`.

use super::MediaStore;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::prefix::PrefixStore;
use std::sync::Arc;

impl MediaStore {
    /// Keys, region and another service's address are read from the variables that other programs read them from:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`.
    ///
    /// # Errors
    /// In words for the operator.
    pub fn at(url: &str) -> Result<Self, String> {
        let place = url.strip_prefix("s3://").ok_or("SHOPFRONT_MEDIA_URL is written as s3://bucket/folder")?;
        let (bucket, folder) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err("SHOPFRONT_MEDIA_URL names no bucket: it is written as s3://bucket/folder".to_owned());
        }
        // The first to ask chooses it for the process; there is but one to choose.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        // Whoever names an address without TLS, such as a service on the same machine, means it.
        let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint).unwrap_or_default();
        let builder = if endpoint.starts_with("http://") { builder.with_allow_http(true) } else { builder };
        let bucket =
            builder.build().map_err(|error| format!("the bucket of SHOPFRONT_MEDIA_URL can’t be used: {error}"))?;
        let folder = folder.trim_matches('/');
        Ok(match folder {
            "" => Self::within(Arc::new(bucket)),
            folder => Self::within(Arc::new(PrefixStore::new(bucket, folder))),
        })
    }
}
