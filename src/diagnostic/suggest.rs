//! stub
/// x
pub fn fields(_w: &str) -> [&'static str; 3] {
    ["description", "imports", "values"]
}
/// x
pub fn property<'a>(_w: &str, _c: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    None
}
