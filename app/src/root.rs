//! The routes, and what every page shares.

use crate::account::{
    AccountPage, ForgotPasswordPage, LogInPage, ResetPasswordPage, SecurityPage, SignUpPage, UnlockPage, VerifyPage,
};
use crate::admin::OfficePage;
use crate::pages::MadePage;
use crate::shop::provide_page_data;
use crate::ui::{Layout, NotFoundPage};
use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

/// Every route is rendered whole before it is sent, so that a page without JavaScript is a whole page and a late error
/// still decides the status. The pages that shoppers arrive at and buy from are in the first download, they alone. One view
/// has them all, so that going from one to another leaves the old page standing until the new one is there.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_meta::provide_meta_context();
    provide_page_data();
    view! {
        <Router>
            <Routes fallback=|| ()>
                // A page of the shop at an address of the back office, and so before all that begins like it.
                <ParentRoute path=path!("") view=Layout ssr=SsrMode::Async>
                    <ParentRoute path=path!("") view=MadePage ssr=SsrMode::Async>
                        <Route path=path!("/admin/products/:product/preview") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/admin/products/:product/preview/draft") view=|| () ssr=SsrMode::Async/>
                    </ParentRoute>
                </ParentRoute>
                <Route path=path!("/admin/*place") view={Lazy::<OfficePage>::new()} ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=Layout ssr=SsrMode::Async>
                    <ParentRoute path=path!("") view=MadePage ssr=SsrMode::Async>
                        <Route path=path!("/") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/products") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/categories/:category") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/products/:product") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/search") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/cart") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/wishlist") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/wishlists/:token") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("/unsubscribe") view=|| () ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("/signup") view={Lazy::<SignUpPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/verify") view={Lazy::<VerifyPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/login") view={Lazy::<LogInPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/forgot-password") view={Lazy::<ForgotPasswordPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/reset-password") view={Lazy::<ResetPasswordPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/unlock") view={Lazy::<UnlockPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/account") view={Lazy::<AccountPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/account/security") view={Lazy::<SecurityPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/*path") view={Lazy::<NotFoundPage>::new()} ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
