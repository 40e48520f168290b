//! Every route, once. What stands here is in `/openapi.json`, and nothing else is.

use std::any::Any;
use std::sync::LazyLock;

use axum::http::header::{
    ALLOW, CONTENT_TYPE, ETAG, HeaderName, LOCATION, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::{Router, middleware};
use bytes::Bytes;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any as AnyOrigin, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::skip_what_is_known;
use super::api;
use super::compress::WorthIt;
use super::embed;
use super::error::Failure;
use super::limits::cost;
use super::pages::failure::{as_page, is_for_people};
use super::pages::{self, Visit};
use super::request::Charged;
use super::state::App;
use super::stream;
use crate::wire::{
    Entry, Problem, Reason, StreamCheckpoint, StreamDropped, StreamErasure, StreamState,
};

/// Browsers may remember for a day what another site may ask.
const PREFLIGHT_SECONDS: u64 = 86_400;

#[derive(OpenApi)]
#[openapi(
    info(title = "onrecord", description = "A public agreement ledger.", license(name = "Apache-2.0")),
    components(schemas(
        Entry, Problem, StreamCheckpoint, StreamDropped, StreamErasure, StreamState
    )),
    tags(
        (name = "publish", description = "Put a signed statement on record"),
        (name = "read", description = "Entries, threads and organizations"),
        (name = "log", description = "The transparency log, as C2SP tlog-tiles"),
        (name = "operate", description = "Health, metrics and descriptions"),
        (name = "pages", description = "For people"),
        (name = "embed", description = "For other sites"),
    )
)]
struct Described;

/// What programs ask for.
fn api() -> OpenApiRouter<App> {
    let reads = OpenApiRouter::new()
        .routes(routes!(api::entries::list))
        .routes(routes!(api::entries::entry))
        .routes(routes!(api::entries::bundle))
        .routes(routes!(api::entries::proof))
        .routes(routes!(api::entries::by_statement))
        .routes(routes!(api::threads::thread))
        .routes(routes!(api::organizations::list))
        .routes(routes!(api::organizations::organization))
        .routes(routes!(api::organizations::entries))
        .routes(routes!(api::dump::lines))
        .routes(routes!(api::dump::rows))
        .routes(routes!(api::organizations::metrics))
        .routes(routes!(api::search::search))
        .routes(routes!(api::moderation::list))
        .routes(routes!(pages::feed::ledger_atom))
        .routes(routes!(pages::feed::ledger_json))
        .routes(routes!(pages::feed::organization_atom))
        .routes(routes!(pages::feed::organization_json))
        .routes(routes!(pages::feed::thread_atom))
        .routes(routes!(pages::feed::thread_json))
        .routes(routes!(pages::calendar::thread))
        .routes(routes!(pages::calendar::organization))
        .routes(routes!(api::log::checkpoint))
        .routes(routes!(api::log::tile))
        .routes(routes!(api::log::policy))
        .routes(routes!(api::log::log_keys))
        .routes(routes!(api::operate::openapi))
        .routes(routes!(pages::plain::asset))
        .layer(middleware::from_fn(skip_what_is_known));
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(api::statements::publish))
        .routes(routes!(api::webhooks::ask))
        .routes(routes!(stream::stream))
        .routes(routes!(api::operate::health))
        .routes(routes!(api::operate::metrics))
        .merge(reads)
}

/// What people ask for.
fn pages() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(pages::home::home))
        .routes(routes!(pages::entry::entry))
        .routes(routes!(pages::publish::start, pages::publish::step))
        .routes(routes!(pages::publish::file))
        .routes(routes!(pages::mine::mine))
        .routes(routes!(pages::qr::qr))
        .routes(routes!(pages::thread::thread))
        .routes(routes!(pages::add::add))
        .routes(routes!(pages::organization::organization))
        .routes(routes!(pages::inbox::inbox))
        .routes(routes!(pages::claim::claim))
        .routes(routes!(pages::search::search))
        .routes(routes!(pages::moderation::moderation))
        .routes(routes!(pages::ledger::ledger))
        .routes(routes!(pages::live::live))
        .routes(routes!(pages::verify::verify))
        .routes(routes!(pages::verify::offline))
        .routes(routes!(pages::plain::problem))
        .routes(routes!(embed::builder::builder))
        .layer(middleware::from_fn(skip_what_is_known))
}

/// What other sites show.
fn embeds() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(embed::badge::badge))
        .routes(routes!(embed::counts::thread_badge))
        .routes(routes!(embed::counts::organization_badge))
        .routes(routes!(embed::card::card))
        .routes(routes!(embed::card::thread_card))
        .routes(routes!(embed::card::organization_card))
        .routes(routes!(embed::element::element))
        .routes(routes!(embed::oembed::oembed))
        .layer(SetResponseHeaderLayer::overriding(embed::RESOURCE_POLICY, embed::EVERY_SITE))
        .layer(middleware::from_fn(skip_what_is_known))
}

/// The description of the API, as JSON.
pub fn description() -> Bytes {
    static DESCRIPTION: LazyLock<Bytes> = LazyLock::new(|| {
        let api = api().merge(pages()).merge(embeds()).into_openapi();
        let text = api.to_pretty_json().unwrap_or_default();
        // OpenAPI knows no variable that spans several segments.
        text.replace("{*path}", "{path}").into()
    });
    DESCRIPTION.clone()
}

/// The service over this state.
pub fn router(app: App) -> Router {
    let pages =
        pages().layer(middleware::from_fn_with_state(app.clone(), pages::failure::as_pages));
    let (router, _) = api().merge(pages).merge(embeds()).split_for_parts();
    let nosniff = HeaderValue::from_static("nosniff");
    // One layer of all four, since each layer of a router costs every request an allocation.
    let around_everything = ServiceBuilder::new()
        .layer(open_to_all_sites())
        .layer(SetResponseHeaderLayer::if_not_present(X_CONTENT_TYPE_OPTIONS, nosniff))
        .layer(CatchPanicLayer::custom(internal))
        .layer(CompressionLayer::new().compress_when(WorthIt));
    router
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .with_state(app)
        .layer(around_everything)
}

/// Any site may read and publish: there is no cookie and no session to abuse.
fn open_to_all_sites() -> CorsLayer {
    let nothing: [HeaderName; 0] = [];
    CorsLayer::new()
        .allow_origin(AnyOrigin)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([CONTENT_TYPE, axum::http::header::IF_NONE_MATCH, stream::LAST_EVENT_ID])
        .expose_headers([ALLOW, ETAG, LOCATION, RETRY_AFTER])
        .max_age(std::time::Duration::from_secs(PREFLIGHT_SECONDS))
        .vary(nothing)
}

async fn nothing_here(
    _: Charged<{ cost::READ }>,
    visit: Visit,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let failure = Failure::not_found(&format!("No page or resource has the path {}", uri.path()));
    if is_for_people(&headers) { as_page(&visit, failure) } else { failure.into_response() }
}

async fn wrong_method(method: Method) -> Failure {
    Failure::new(Reason::MethodNotAllowed, format!("This address does not take {method}."))
}

fn internal(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Failure::new(Reason::Internal, "The request could not be answered.").into_response()
}
