//! Where pictures are kept in tests that look over its shoulder.

use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result as Kept,
};
use server::media::MediaStore;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;

/// A disk on which only so many files have room, and which can be made to hang.
#[derive(Debug)]
pub struct Disk {
    files: InMemory,
    room: AtomicUsize,
    /// Files that were begun.
    begun: AtomicUsize,
    hangs: watch::Sender<bool>,
}

impl Disk {
    pub fn with_room(files: usize) -> Arc<Self> {
        Arc::new(Self {
            files: InMemory::new(),
            room: AtomicUsize::new(files),
            begun: AtomicUsize::new(0),
            hangs: watch::Sender::new(false),
        })
    }

    pub fn media(self: &Arc<Self>) -> MediaStore {
        MediaStore::within(Arc::clone(self) as Arc<dyn ObjectStore>)
    }

    pub fn has_room(&self, files: usize) {
        self.room.store(files, Ordering::Relaxed);
    }

    /// What is written from here on waits until it doesn't hang any more.
    pub fn hangs(&self, hangs: bool) {
        self.hangs.send_replace(hangs);
    }

    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }

    pub async fn names(&self) -> Vec<String> {
        let files: Vec<Kept<ObjectMeta>> = self.files.list(None).collect().await;
        files.into_iter().map(|file| file.unwrap().location.to_string()).collect()
    }
}

impl std::fmt::Display for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a small disk")
    }
}

#[async_trait::async_trait]
impl ObjectStore for Disk {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Kept<PutResult> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        let _ = self.hangs.subscribe().wait_for(|hangs| !hangs).await;
        let has_room = self.room.try_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(1)).is_ok();
        if !has_room {
            let source = Box::new(std::io::Error::from_raw_os_error(28));
            return Err(object_store::Error::Generic { store: "disk", source });
        }
        self.files.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(&self, at: &Path, options: PutMultipartOptions) -> Kept<Box<dyn MultipartUpload>> {
        self.files.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Kept<GetResult> {
        self.files.get_opts(location, options).await
    }

    fn delete_stream(&self, names: BoxStream<'static, Kept<Path>>) -> BoxStream<'static, Kept<Path>> {
        self.files.delete_stream(names)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Kept<ObjectMeta>> {
        self.files.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Kept<ListResult> {
        self.files.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Kept<()> {
        self.files.copy_opts(from, to, options).await
    }
}
