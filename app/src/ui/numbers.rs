/// `15,000`: grouped as prices are.
pub fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 product`, `52 products`, `More than 1,000 products`.
pub fn counted(number: u32, capped: bool) -> String {
    let mut out = if capped { "More than ".to_owned() } else { String::new() };
    out.push_str(&grouped(number));
    out.push_str(if number == 1 && !capped { " product" } else { " products" });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(15_000), "15,000");
        assert_eq!(grouped(u32::MAX), "4,294,967,295");
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(counted(0, false), "0 products");
        assert_eq!(counted(1, false), "1 product");
        assert_eq!(counted(1000, true), "More than 1,000 products");
    }
}
