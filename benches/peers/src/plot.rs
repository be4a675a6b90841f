//! Draws lines on two logarithmic axes, as an SVG file next to the document.

use std::fs;
use std::ops::Range;

use plotters::prelude::*;

use crate::report::document;

pub struct Axis {
    pub title: &'static str,
    pub range: Range<f64>,
}

pub struct Series {
    pub name: &'static str,
    pub points: Vec<(f64, f64)>,
}

/// The last of `lines` is the floor.
pub fn write(file: &str, title: &str, x: &Axis, y: &Axis, lines: &[Series]) -> Result<(), String> {
    let svg = draw(title, x, y, lines).map_err(|error| format!("{file}: {error}"))?;
    let path = document().with_file_name(file);
    fs::write(&path, svg).map_err(|error| format!("{}: {error}", path.display()))
}

fn draw(title: &str, x: &Axis, y: &Axis, lines: &[Series]) -> Result<String, Box<dyn std::error::Error>> {
    // Of the palette by Okabe and Ito, which colour-blind readers tell apart.
    const COLOURS: [RGBColor; 3] = [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115)];
    const FONT: &str = "sans-serif";
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (720, 440)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(title, (FONT, 20))
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(72)
            .build_cartesian_2d(x.range.clone().log_scale(), y.range.clone().log_scale())?;
        chart
            .configure_mesh()
            .x_desc(x.title)
            .y_desc(y.title)
            .label_style((FONT, 14))
            .max_light_lines(1)
            .x_label_formatter(&|value| value.to_string())
            .y_label_formatter(&|value| value.to_string())
            .draw()?;
        for (index, Series { name, points }) in lines.iter().enumerate() {
            let floor = index + 1 == lines.len();
            let style = if floor { BLACK } else { COLOURS[index % COLOURS.len()] }.stroke_width(2);
            if floor {
                chart.draw_series(DashedLineSeries::new(points.clone(), 6, 4, style))?
            } else {
                chart.draw_series(LineSeries::new(points.clone(), style).point_size(3))?
            }
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE)
            .border_style(WHITE)
            .label_font((FONT, 14))
            .draw()?;
        area.present()?;
    }
    Ok(svg)
}
