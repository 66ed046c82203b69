//! JSON in pages.

use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Leptos' own JSON codec reads `str`, server functions read bytes, and serde generates a reader of every type for
/// each: reading bytes here too keeps the second set out of the download.
pub struct PageJson;

impl<T: Serialize> Encoder<T> for PageJson {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for PageJson {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

#[cfg(feature = "ssr")]
/// JSON that can stand in a `<script>` without ending it.
pub fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn text_can_not_leave_the_script() {
        let hostile = json!({"name": "</script><script>alert(1)</script><!-- & \u{2028}"}).to_string();
        let escaped = in_script(&hostile);
        assert!(!escaped.contains('<') && !escaped.contains('>'));
        assert_eq!(serde_json::from_str::<Value>(&escaped).ok(), serde_json::from_str(&hostile).ok());
    }
}
