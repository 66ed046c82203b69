//! The host's HTTP side: what wraps every answer, what is served beside the pages, and how it all listens.

mod answer;
mod assets;
pub mod client;
pub mod cookies;
mod dev_mail;
mod download;
mod early;
mod envelope;
mod error_page;
mod forms;
mod holes;
mod listen;
pub(crate) mod local;
mod media;
mod meta;
mod pages;
mod paths;
mod pictures;
mod products_csv;
mod received;
mod shells;
mod trail;
mod unsubscribe;
mod uploads;
mod users_csv;
mod visitor;

pub use answer::Answer;
pub use listen::serve;

use crate::config::{Access, Serve};
use crate::database::AtHand;
use crate::mail::Mailbox;
use crate::media::MediaStore;
use crate::metrics::Metrics;
use crate::secret::Secret;
use crate::services::accounts::{AccountService, Caller, PgAccounts};
use crate::services::catalog::{ImageHosts, Index, PgCatalog};
use crate::services::office::pictures::PictureJobs;
use crate::services::office::{Figures, ImportWork, office_of};
use crate::services::shelf::{PgShelf, ShelfService};
use app::admin::is_office;
use app::domain::Currency;
use app::error::AppError;
use app::form::Flash;
use app::host::{Accounts, CartCount, Carts, Catalog, Navigation, Prepared, RequestId, Wishlists};
use app::pages::{Hosts, preview_of};
use app::shop::{Shop, Theme};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use early::{Made, hosts_of};
use envelope::Envelope;
use forms::Https;
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::LeptosRoutes;
use pages::PageCache;
use shells::Shells;
use sqlx::PgPool;
use std::path::Path;
use std::sync::Arc;
use tower::{Layer, ServiceExt};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// Bytes of a request's body; pages and server functions need far less.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// What handlers share. Every layer of the router takes a copy for each request, so it is one pointer.
#[derive(Clone)]
pub struct Host(Arc<Shared>);

impl std::ops::Deref for Host {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

pub struct Shared {
    pub pool: PgPool,
    /// Of the pool's connections, those that tell who makes a request.
    pub at_hand: Arc<AtHand>,
    pub shop: Arc<Shop>,
    pub catalog: Arc<dyn Catalog>,
    pub index: Arc<Index>,
    /// Whose pictures pages may show beside the shop's own.
    pub image_hosts: ImageHosts,
    pub accounts: Arc<AccountService>,
    pub shelf: Arc<ShelfService>,
    /// What the back office's overview counts.
    pub figures: Arc<Figures>,
    pub imports: Arc<ImportWork>,
    pub access: Access,
    /// Where the products' pictures are.
    pub media: MediaStore,
    /// Those on their way there.
    pub pictures: Arc<PictureJobs>,
    trusted_proxies: Arc<[IpNet]>,
    /// Whether cookies are kept from connections that anybody could read.
    secure_cookies: bool,
    pub metrics: Arc<Metrics>,
    /// The letters of a shop under development, to be read at `/dev/mail`.
    pub dev_mail: Option<Mailbox>,
    leptos: LeptosOptions,
}

impl FromRef<Host> for LeptosOptions {
    fn from_ref(host: &Host) -> Self {
        host.leptos.clone()
    }
}

impl Host {
    /// Wires the services to a database. Starts listening for catalogue changes.
    pub fn new(
        pool: PgPool,
        settings: &Serve,
        currency: Currency,
        secret: Secret,
        media: MediaStore,
        dev_mail: Option<Mailbox>,
    ) -> Self {
        let index = Index::start(pool.clone());
        let hosts = ImageHosts(settings.image_hosts.0.clone());
        let catalog = PgCatalog::new(pool.clone(), Arc::clone(&index), currency.clone(), hosts.clone());
        let shop = Arc::new(settings.shop(currency.clone()));
        let https = settings.secure_cookies();
        let accounts = AccountService::new(pool.clone(), secret.clone(), &shop.name, https);
        let (hold, guest_life) = (settings.hold(), settings.guest_life());
        let imports = ImportWork::new(pool.clone(), currency.clone());
        let shelf = ShelfService::new(pool.clone(), secret, currency, hosts.clone(), https, hold, guest_life);
        Self(Arc::new(Shared {
            shop,
            accounts: Arc::new(accounts),
            shelf: Arc::new(shelf),
            imports,
            figures: Figures::new(pool.clone(), settings.low_stock),
            access: settings.access,
            media,
            pictures: Arc::new(PictureJobs::new(settings.picture_wait())),
            trusted_proxies: settings.trusted_proxies.0.clone().into(),
            secure_cookies: https,
            catalog: Arc::new(catalog),
            index,
            image_hosts: hosts,
            metrics: Arc::default(),
            dev_mail,
            leptos: leptos_options(&settings.site_root),
            at_hand: AtHand::new(pool.clone()),
            pool,
        }))
    }

    /// Puts into a page's context what it may use, bound to this request.
    fn provide(&self) {
        provide_context(Arc::clone(&self.shop));
        provide_context(Arc::clone(&self.catalog));
        let Some(parts) = use_context::<axum::http::request::Parts>() else { return };
        provide_context(theme_of(&parts.headers));
        if let Some(id) = parts.extensions.get::<RequestId>() {
            provide_context(id.clone());
        }
        if let Some(navigation) = parts.extensions.get::<Navigation>() {
            provide_context(navigation.clone());
        }
        if let Some(prepared) = parts.extensions.get::<Prepared>() {
            provide_context(prepared.clone());
        }
        if let Some(nonce) = parts.extensions.get::<Nonce>() {
            provide_context(nonce.clone());
        }
        if let Some(flash) = parts.extensions.get::<Flash>() {
            provide_context(flash.clone());
        }
        if let Some(count) = parts.extensions.get::<CartCount>() {
            provide_context(*count);
        }
        if let Some(caller) = parts.extensions.get::<Caller>() {
            provide_context(caller.visitor());
            let accounts = PgAccounts::new(Arc::clone(&self.accounts), caller.clone());
            provide_context(Arc::new(accounts) as Arc<dyn Accounts>);
            let shelf = self.shelf_of(caller);
            provide_context(Arc::clone(&shelf) as Arc<dyn Carts>);
            provide_context(shelf as Arc<dyn Wishlists>);
            if let Some(office) = office_of(caller, self) {
                provide_context(office);
            }
        }
    }

    fn shelf_of(&self, caller: &Caller) -> Arc<PgShelf> {
        Arc::new(PgShelf::new(Arc::clone(&self.shelf), caller.clone()))
    }
}

/// All that the shop answers.
pub fn router(host: Host, settings: &Serve) -> Router {
    // A shop for members has no page that everybody may see.
    let cache_mib = if settings.access == Access::Members { 0 } else { settings.page_cache_mib };
    let cache = PageCache::new(cache_mib * 1024 * 1024, Arc::clone(&host.index));
    // A quarter of what whole pages have keeps as many of them: a shell is a third of a page, and few differ.
    let shells =
        Shells::new(settings.page_cache_mib * 1024 * 1024 / 4, Arc::clone(&host.index), Arc::clone(&host.shop));
    let https = Https(settings.secure_cookies());
    let envelope = Envelope::new(settings, Arc::clone(&host.metrics));
    let provide = {
        let host = host.clone();
        move || host.provide()
    };
    let shell = {
        let options = host.leptos.clone();
        move || app::shell(options.clone())
    };
    let routes = leptos_axum::generate_route_list(app::routes);
    let addresses = paths::Pages::of(routes.iter().map(|route| route.path()));
    let pages = Router::new()
        .leptos_routes_with_context(&host, routes, provide.clone(), shell.clone())
        .fallback(leptos_axum::render_app_async_with_context(provide, shell))
        .layer(from_fn_with_state((host.clone(), shells.clone()), prepare))
        .layer(from_fn_with_state(cache.clone(), pages::keep))
        .layer(from_fn_with_state(https, forms::read_flash))
        .merge(Router::new().route("/api/account/download", post(download::download)))
        .merge(Router::new().route("/admin/audit.csv", get(trail::csv)))
        .merge(Router::new().route("/admin/users.csv", get(users_csv::users_csv)))
        .merge(Router::new().route("/admin/products.csv", get(products_csv::products_csv)))
        .merge(Router::new().route("/admin/imports/template.csv", get(products_csv::import_template)))
        .layer(from_fn_with_state(host.clone(), visitor::identify));
    // Files are larger than anything else that is sent here.
    let of_pictures = Router::new()
        .route(app::admin::pictures::UPLOAD, post(pictures::upload))
        .layer(RequestBodyLimitLayer::new(pictures::BODY_LIMIT));
    let of_imports = Router::new()
        .route(app::admin::imports::view::UPLOAD, post(uploads::import_file))
        .layer(RequestBodyLimitLayer::new(uploads::UPLOAD_LIMIT));
    let uploads = of_pictures
        .merge(of_imports)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(host.clone(), visitor::identify));
    let whole = Router::new()
        .route("/healthz", get(meta::healthz))
        .route("/readyz", get(meta::readyz))
        .route("/robots.txt", get(meta::robots))
        .route("/sitemap.xml", get(meta::sitemap))
        .route("/theme", post(meta::theme))
        .merge(assets::router(&settings.site_root))
        .merge(host.dev_mail.clone().map_or_else(Router::new, dev_mail::router))
        .merge(pages)
        .layer(from_fn_with_state(https, forms::answer_posts))
        // Posted by mail programs, which want no redirect; whose it is, its token says.
        .route("/api/wishlist/unsubscribe/{token}", get(unsubscribe::ask).post(unsubscribe::one_click))
        .layer(from_fn(local::with_local_referrer))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .merge(uploads)
        .layer(CsrfLayer::new())
        .with_state(host.clone());
    let before = Arc::new((addresses, cache, shells, host));
    // Each layer of a router costs every request a copy of all that is inside it. A kept page needs none of them.
    let kept_or_made = tower::service_fn(move |mut request: Request| {
        let (before, whole) = (Arc::clone(&before), whole.clone());
        async move {
            let (addresses, cache, shells, host) = &*before;
            if let Some(answer) = paths::answer(addresses, &request) {
                return Ok(answer);
            }
            if let Some(page) = cache.kept(&request) {
                return Ok(page);
            }
            match early::answer(host, shells, &mut request).await {
                Some(page) => Ok(page),
                None => whole.oneshot(request).await,
            }
        }
    });
    let compression = tower_http::compression::CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest);
    Router::new().fallback_service(compression.layer(kept_or_made)).layer(from_fn_with_state(envelope, envelope::wrap))
}

/// What the views around a page would otherwise have to wait for: the categories, what the visitor has in the cart, and
/// the page itself where it is one that the server makes.
async fn prepare(State((host, shells)): State<(Host, Shells)>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // A preview is a page of the shop, for those who have an office.
    let is_preview = preview_of(path).is_some();
    if is_office(path) && !is_preview {
        prepare_office(&host, &mut request).await;
        return next.run(request).await;
    }
    if let Some(caller) = request.extensions().get::<Caller>().filter(|_| !path.starts_with("/api/")) {
        let made = match request.extensions().get::<Made>().cloned() {
            Some(made) => made,
            None => {
                let office = if is_preview { office_of(caller, &host) } else { None };
                let hosts = Hosts { office, ..hosts_of(&host, host.shelf_of(caller)) };
                let none = Flash::default();
                let flash = request.extensions().get::<Flash>().unwrap_or(&none);
                Made::new(&hosts, path, request.uri().query().unwrap_or_default(), flash).await
            }
        };
        let count = made.count();
        if let Some(page) = made.page()
            && !is_preview
            && let Some(answer) = shells.kept(page, count, &request)
        {
            return answer;
        }
        // A page is still worth having without its menu.
        let categories = host.catalog.navigation().await.unwrap_or_default();
        let extensions = request.extensions_mut();
        extensions.remove::<Made>();
        extensions.insert(Navigation(Arc::new(categories)));
        extensions.insert(CartCount(count));
        match made.into_page() {
            Some(Ok(page)) if !is_preview => return shells.render(page, count, request, next).await,
            Some(page) => drop(extensions.insert(Prepared(Arc::new(page)))),
            None => {}
        }
    }
    next.run(request).await
}

/// A page of the back office, for those who have one.
async fn prepare_office(host: &Host, request: &mut Request) {
    let Some(caller) = request.extensions().get::<Caller>() else { return };
    let none = Flash::default();
    let flash = request.extensions().get::<Flash>().unwrap_or(&none);
    let search = request.uri().query().unwrap_or_default();
    let page = match office_of(caller, host) {
        Some(office) => app::admin::view::make(&office, request.uri().path(), search, flash).await,
        // Strangers have been sent to log in.
        None => Err(AppError::Forbidden),
    };
    request.extensions_mut().insert(Prepared(Arc::new(page)));
}

/// Where the built browser files are. Their names carry hashes when the build left its list beside the binary.
fn leptos_options(site_root: &Path) -> LeptosOptions {
    let hashes = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("hash.txt")));
    LeptosOptions::builder()
        .output_name("shopfront")
        .site_root(site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .hash_files(hashes.is_some_and(|path| path.exists()))
        .build()
}

fn theme_of(headers: &axum::http::HeaderMap) -> Theme {
    cookies::read(headers, Theme::COOKIE, false).map(Theme::parse).unwrap_or_default()
}
