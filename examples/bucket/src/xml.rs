//! Just enough of XML for S3's answers: a tree of elements, read by quick-xml.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use crate::Error;

/// An element with its text and its children. Prefixes and namespaces are dropped: servers disagree
/// about them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| &*child.text)
    }

    pub fn required(&self, name: &str) -> Result<&str, Error> {
        self.text_of(name).ok_or_else(|| Error::Answer(format!("{name} is missing in {}", self.name)))
    }
}

/// Parses a document. S3's answers are flat, so deep nesting is an attack and is refused.
pub fn parse(bytes: &[u8]) -> Result<Element, Error> {
    const DEEPEST: usize = 16;
    let wrong = |what: &dyn ToString| Error::Answer(what.to_string());
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(&error))?;
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|error| wrong(&error))? {
            Event::Start(start) if open.len() < DEEPEST => open.push(named(start.local_name().as_ref())),
            Event::Start(_) => return Err(wrong(&"its elements are nested too deeply")),
            Event::Empty(empty) => last(&mut open).children.push(named(empty.local_name().as_ref())),
            Event::End(_) => {
                let closed = open.pop().unwrap_or_default();
                last(&mut open).children.push(closed);
            }
            Event::Text(text) => last(&mut open).text += &text.decode().map_err(|error| wrong(&error))?,
            Event::CData(data) => last(&mut open).text += &data.decode().map_err(|error| wrong(&error))?,
            Event::GeneralRef(name) => {
                let entity = format!("&{};", name.decode().map_err(|error| wrong(&error))?);
                last(&mut open).text += &unescape(&entity).map_err(|error| wrong(&error))?;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match (open.len(), last(&mut open).children.pop()) {
        (1, Some(root)) => Ok(root),
        _ => Err(wrong(&"it is not a complete XML document")),
    }
}

/// Escapes text for an element's content. Control characters become references.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            control if control.is_control() => escaped += &format!("&#{};", u32::from(control)),
            other => escaped.push(other),
        }
    }
    escaped
}

fn named(name: &[u8]) -> Element {
    Element { name: String::from_utf8_lossy(name).into_owned(), ..Element::default() }
}

/// The bottom of the stack is a root that is never closed: quick-xml refuses an end without a start.
fn last(open: &mut [Element]) -> &mut Element {
    open.last_mut().expect("the root is never popped")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_servers_write() {
        let text = "<?xml version=\"1.0\"?>\n<s3:Error xmlns:s3='x'><Code>A&amp;B &#x1F600;</Code><Empty/><M><![CDATA[<k>]]></M></s3:Error>";
        let root = parse(text.as_bytes()).unwrap();
        assert_eq!(root.name, "Error");
        assert_eq!(root.text_of("Code"), Some("A&B 😀"));
        assert_eq!(
            (root.text_of("Empty"), root.text_of("M"), root.text_of("Missing")),
            (Some(""), Some("<k>"), None)
        );
        assert_eq!(parse(format!("<a>{}</a>", escape("a\"<>&\n")).as_bytes()).unwrap().text, "a\"<>&\n");
    }

    #[test]
    fn refuses_what_is_not_xml() {
        for text in
            ["", "no", "<a>", "<a><b/>", "</a>", "<a></b>", "<a>&unknown;</a>", &"<a>".repeat(100_000)]
        {
            assert!(parse(text.as_bytes()).is_err(), "{}", &text[..text.len().min(20)]);
        }
    }
}
