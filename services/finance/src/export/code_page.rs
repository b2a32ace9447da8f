//! Code page 437, which SIE files are written in.

/// The upper half, from 0x80; the lower is ASCII.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»\
                     ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
                     αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A text in code page 437. A character that it does not have is written as the
/// nearest that it has, so that a dash or a foreign letter in a name spoils no
/// file.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match byte(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(nearest(character).chars().map(|c| byte(c).unwrap_or(b'?'))),
        }
    }
    bytes
}

fn byte(character: char) -> Option<u8> {
    if character.is_ascii() {
        return u8::try_from(character).ok();
    }
    let place = UPPER.chars().position(|upper| upper == character)?;
    u8::try_from(0x80 + place).ok()
}

fn nearest(character: char) -> &'static str {
    match character {
        '–' | '—' | '‐' | '‑' | '−' => "-",
        '’' | '‘' | '´' | '‚' => "'",
        '”' | '“' | '„' => "\"",
        '…' => "...",
        '€' => "EUR",
        '×' => "x",
        '•' => "·",
        'Ø' => "Ö",
        'ø' => "ö",
        'À' | 'Á' | 'Â' | 'Ã' => "A",
        'ã' => "a",
        'È' | 'Ê' | 'Ë' => "E",
        'Ì' | 'Í' | 'Î' | 'Ï' => "I",
        'Ò' | 'Ó' | 'Ô' | 'Õ' => "O",
        'õ' => "o",
        'Ù' | 'Ú' | 'Û' => "U",
        'Ý' | 'Ÿ' => "Y",
        'ý' => "y",
        'š' => "s",
        'Š' => "S",
        'ž' => "z",
        'Ž' => "Z",
        'č' | 'ć' => "c",
        'Č' | 'Ć' => "C",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ł' => "l",
        'Ł' => "L",
        'ń' => "n",
        'þ' => "th",
        'Þ' => "Th",
        'ś' => "s",
        'ź' | 'ż' => "z",
        'ą' => "a",
        'ę' => "e",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_letters_have_the_bytes_that_they_always_had() {
        assert_eq!(encode("åäöÅÄÖ é ü §"), b"\x86\x84\x94\x8f\x8e\x99 \x82 \x81 ?");
        assert_eq!(encode("\u{a0}"), b"\xff");
        assert_eq!(UPPER.chars().count(), 128);
    }

    #[test]
    fn what_the_page_does_not_have_becomes_its_nearest() {
        assert_eq!(encode("januari–juni ”Sala” €5…"), b"januari-juni \"Sala\" EUR5...");
        assert_eq!(encode("Čapek Ørn 漢"), b"Capek \x99rn ?");
    }
}
