//! Sizes as people write them.

/// Parses a number of bytes with a unit, such as `16MiB`.
pub fn size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        "t" | "tib" => 40,
        _ => return Err("a size is a number of bytes, KiB, MiB, GiB or TiB, such as 16MiB".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "a size begins with a number".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "the size is too large".to_owned())
}

/// Parses a size that S3 takes for a part.
pub fn part_size(text: &str) -> Result<u64, String> {
    match size(text)? {
        size if (5 << 20..=5 << 30).contains(&size) => Ok(size),
        _ => Err("a part has 5 MiB to 5 GiB".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("16MiB"), Ok(16 << 20));
        assert_eq!(size("1g"), Ok(1 << 30));
        assert_eq!(size("5242880"), Ok(5 << 20));
        assert!(size("MiB").is_err() && size("5 parsecs").is_err() && size("99999999999T").is_err());
        assert!(part_size("4MiB").is_err() && part_size("6G").is_err());
    }
}
