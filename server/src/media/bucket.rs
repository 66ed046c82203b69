//! A bucket as the place of the pictures, named by a URL such as `s3://bucket/folder`.

use super::MediaStore;

impl MediaStore {
    /// Keys, region and another service's address are read from the variables that other programs read them from:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`.
    ///
    /// # Errors
    /// In words for the operator.
    #[cfg(feature = "s3")]
    pub fn at(url: &str) -> Result<Self, String> {
        use object_store::aws::AmazonS3Builder;
        use object_store::prefix::PrefixStore;
        use std::sync::Arc;

        let place = url.strip_prefix("s3://").ok_or("SHOPFRONT_MEDIA_URL is written as s3://bucket/folder")?;
        let (bucket, folder) = place.split_once('/').unwrap_or((place, ""));
        let bucket = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .build()
            .map_err(|error| format!("the bucket of SHOPFRONT_MEDIA_URL can’t be used: {error}"))?;
        let folder = folder.trim_matches('/');
        Ok(match folder {
            "" => Self::within(Arc::new(bucket)),
            folder => Self::within(Arc::new(PrefixStore::new(bucket, folder))),
        })
    }

    /// # Errors
    /// Always: this binary knows folders only.
    #[cfg(not(feature = "s3"))]
    pub fn at(_: &str) -> Result<Self, String> {
        Err("SHOPFRONT_MEDIA_URL is set, but this binary was built without buckets: build it with --features s3"
            .to_owned())
    }
}
