//! The address of an entry's page as a QR code, for paper. A picture and no page: it checks nothing.

use axum::extract::State;
use axum::response::Response;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;

use super::entry_link::EntryLink;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::wire::{Problem, Reason};

/// The address of an entry's page as a QR code
#[utoipa::path(
    get, path = "/qr/{entry}", operation_id = "entry_qr", tag = "pages",
    params(("entry" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash>.svg")),
    responses(
        (status = 200, description = "The picture", body = String, content_type = "image/svg+xml"),
        (status = "default", description = "A problem, or a page that says what is wrong, where one was asked for", content((Problem = "application/problem+json"), (String = "text/html; charset=utf-8"))),
    )
)]
pub async fn qr(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(name): Part<String>,
) -> Result<Response, Failure> {
    looking_up(move || {
        let unknown = || Failure::not_found("No entry has this number and this hash");
        let name = name.strip_suffix(".svg").ok_or_else(unknown)?;
        let found = EntryLink::find(name, &app.view()?)?.ok_or_else(unknown)?;
        let path = EntryLink::of(&found).path();
        let picture = draw(&format!("{}{path}", app.public_url()))?;
        Ok(answer::picture(picture))
    })
    .await
}

fn draw(text: &str) -> Result<String, Failure> {
    match QRBuilder::new(text).build() {
        Ok(code) => Ok(SvgBuilder::default().to_str(&code)),
        Err(error) => {
            tracing::error!(?error, "an address is too long for a QR code");
            Err(Failure::new(Reason::Internal, "The picture could not be drawn."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::draw;

    /// What a reader of codes makes of the squares that the picture is drawn of.
    fn read(svg: &str) -> String {
        let (_, after) = svg.split_once("viewBox=\"0 0 ").unwrap();
        let side: usize = after.split(' ').next().unwrap().parse().unwrap();
        let dark: Vec<(usize, usize)> = svg
            .split('M')
            .filter_map(|command| {
                let (x, rest) = command.split_once(',')?;
                let (y, _) = rest.split_once('h')?;
                Some((x.parse().ok()?, y.parse().ok()?))
            })
            .collect();
        let scale = 4;
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, |x, y| {
                if dark.contains(&(x / scale, y / scale)) { 0 } else { 255 }
            });
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn a_code_says_the_address_it_was_drawn_of() {
        let address = "https://ledger.example/2026/e/41-00112233445566778899aabbccddeeff";
        assert_eq!(read(&draw(address).unwrap()), address);
    }

    #[test]
    fn an_address_that_fits_no_code_is_refused() {
        assert!(draw(&"a".repeat(8000)).is_err());
    }
}
