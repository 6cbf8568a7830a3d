//! A secret as a QR code.

use std::fmt::Write;

use qrcode::{Color, QrCode};
use roster::secret::Secret;
use roster::two_step::Offer;

use super::functions::OfferView;

/// Without a picture where the secret's address is too long for one: it can be typed.
pub fn view(offer: Offer) -> OfferView {
    let (path, size) =
        QrCode::new(offer.address.reveal()).map_or((String::new(), 0), |code| drawn(&code));
    OfferView { key: offer.key, path: Secret::new(path), size }
}

/// A square for each dark module.
fn drawn(code: &QrCode) -> (String, usize) {
    let size = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let path = dark.fold(String::new(), |mut path, (place, _)| {
        // Writing to a String can't fail.
        let _ = write!(path, "M{} {}h1v1h-1z", place % size, place / size);
        path
    });
    (path, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_drawn() {
        let offer = Offer {
            key: Secret::new("GEZD GNBV"),
            address: Secret::new("otpauth://totp/Muster:ada?secret=GEZDGNBV&issuer=Muster"),
        };
        let view = view(offer);
        assert!(view.size >= 21);
        assert!(view.path.reveal().starts_with("M0 0h1v1h-1zM1 0"));
    }
}
