"""The accessible twin of every PDF: one HTML file that needs nothing from outside and runs nothing."""

import re
from typing import Final

from wellbeing_desktop.documents import blocks as b
from wellbeing_desktop.documents.chart_paint import chart_marks
from wellbeing_desktop.documents.marks import Dot, Fill, Rule, TextMark
from wellbeing_desktop.documents.print_style import ACCENT, INK, NAVY, QUIET, RULE, STANDARD, TINT, PrintStyle
from wellbeing_desktop.documents.qr_paint import qr_squares
from wellbeing_desktop.documents.text import chart_rows
from wellbeing_desktop.documents.text_safety import escape_html as esc
from wellbeing_desktop.documents.text_safety import is_right_to_left

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_CHART_WIDTH = 640.0
_WHOLE: Final = re.compile(
    r"\+?[0-9]+(?: [0-9]{3,}){1,4}|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b|[0-9]{1,2} [A-Z][a-z]{2,8} [12][0-9]{3}\b"
)
"""A telephone or NHS number, a postcode and a date are read together, so they stay on one line as they do on paper."""


def render_html(document: b.Document, style: PrintStyle = STANDARD) -> str:
    """The document as HTML 5, in the text size of `style`. Everything written is escaped; there is no script."""
    parts = [_block(block, number, style) for number, block in enumerate(document.blocks)]
    if not any(isinstance(block, b.Heading) and block.level == 1 for block in document.blocks):
        parts.insert(0, f"<h1>{esc(document.title)}</h1>")
    foot = " · ".join(esc(part) for part in (document.reference, document.purpose) if part)
    return (
        f'<!DOCTYPE html>\n<html lang="{esc(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{esc(document.title)}</title>\n<style>{_css(style)}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n"
        + (f"<footer>{foot}</footer>\n" if foot else "")
        + "</body>\n</html>\n"
    )


def _css(style: PrintStyle) -> str:
    size = style.body / 12  # 12 point is 1 rem on paper; in rem, so that it grows with what the reader has set
    heads = "".join(f"h{level}{{font-size:{style.heading(level) / style.body:.3f}em}}" for level in (1, 2, 3))
    return (
        f"body{{font-family:Inter,'Noto Sans',Arial,sans-serif;font-size:{size:.3f}rem;line-height:{style.leading:g};"
        f"color:{INK};background:#fff;margin:2rem auto;padding:0 1rem;max-width:68ch;text-align:start}}"
        f"h1,h2,h3{{color:{NAVY};line-height:1.25;margin:1.6em 0 .4em}}{heads}h1{{margin-top:0}}"
        f"p,li,td,th,address,caption{{overflow-wrap:break-word}}address+address{{margin-bottom:2em}}"
        f".lead{{font-size:1.12em}}.quiet,footer,figcaption p{{color:{QUIET}}}"
        f".notice{{background:{TINT};padding:.7em 1em}}address{{font-style:normal;margin-bottom:1.5em}}"
        f".whole{{white-space:nowrap}}table{{border-collapse:collapse;width:100%;margin:.8em 0;"
        f"font-size:{style.table / style.body:.3f}em;font-variant-numeric:tabular-nums}}"
        f"caption{{text-align:start;font-weight:600;padding:.3em 0}}"
        f"th,td{{text-align:start;vertical-align:top;padding:.45em .6em;border-bottom:1px solid {RULE}}}"
        f"thead th{{background:{TINT};border-bottom:2px solid {ACCENT}}}.number{{text-align:end}}"
        f"figure{{margin:1.2em 0}}svg{{max-width:100%;height:auto}}.sign{{margin-top:3em;border-top:1px solid {QUIET}}}"
        f"footer{{margin-top:2em;border-top:1px solid {RULE};padding-top:.5em;font-size:{style.foot / style.body:.3f}em}}"
    )


def _text(text: b.Text) -> str:
    """Bold pieces as `strong`, typed line ends as `br`, what is read together unbroken. Spaces beside bold stay."""
    done = []
    for piece, strong in b.pieces(text):
        safe = _WHOLE.sub(r'<span class="whole">\g<0></span>', esc(f"x{piece}x")[1:-1]).replace("\n", "<br>")
        done.append(f"<strong>{safe}</strong>" if strong else safe)
    return "".join(done)


def _direction(text: b.Text) -> str:
    return ' dir="auto"' if is_right_to_left(b.plain(text)) else ""


def _block(block: b.Block, number: int, style: PrintStyle) -> str:
    match block:
        case b.Heading():
            level = min(max(block.level, 1), 6)
            return f"<h{level}{_direction(block.text)}>{esc(block.text)}</h{level}>"
        case b.Paragraph():
            if style.separate_sentences and block.tone == "plain":
                return "\n".join(f"<p{_direction(each)}>{_text(each)}</p>" for each in b.sentences(block.text))
            tone = "" if block.tone == "plain" else f' class="{block.tone}"'
            return f"<p{tone}{_direction(block.text)}>{_text(block.text)}</p>"
        case b.BulletList():
            return "<ul>" + "".join(f"<li{_direction(item)}>{_text(item)}</li>" for item in block.items) + "</ul>"
        case b.NumberedList():
            items = "".join(f"<li{_direction(item)}>{_text(item)}</li>" for item in block.items)
            return f'<ol start="{block.start}">{items}</ol>'
        case b.Table():
            return _table(block.header, block.rows, block.caption, block.numeric, block.weights)
        case b.KeyValues():
            rows = "".join(
                f'<tr><th scope="row">{esc(name)}</th><td{_direction(value)}>{_text(value)}</td></tr>'
                for name, value in block.rows
            )
            return f"<table><tbody>{rows}</tbody></table>"
        case b.Chart():
            return _chart(block, number)
        case b.QR():
            return _qr(block)
        case b.AddressWindow():
            sender = "<br>".join(esc(line) for line in block.sender)
            address = "<br>".join(esc(line) for line in block.address)
            return f"<address>{sender}</address>\n<address>{address}</address>"
        case b.Signature():
            if not block.dated:
                return f"<p><strong>{esc(block.name)}</strong><br>{esc(block.label)}</p>"
            label = f"{block.label}: {block.name}" if block.name else block.label
            return f'<p class="sign">{esc(label)} &nbsp; Date</p>'
        case b.WriteIn():
            return f"<p><strong>{esc(block.label)}</strong></p>" + '<p class="sign">&nbsp;</p>' * block.lines
        case b.PageBreak():
            return ""


def _table(
    header: tuple[str, ...],
    rows: tuple[tuple[b.Text, ...], ...],
    caption: str,
    numeric: tuple[int, ...],
    weights: tuple[float, ...] = (),
) -> str:
    def css(place: int) -> str:
        return ' class="number"' if place in numeric else ""

    head = "".join(
        f'<th scope="col"{css(place)}>{esc(text)}</th>' if text else "<td></td>" for place, text in enumerate(header)
    )
    body = []
    for row in rows:
        cells = [
            f'<th scope="row"{_direction(cell)}>{_text(cell)}</th>'
            if place == 0
            else f"<td{css(place)}{_direction(cell)}>{_text(cell)}</td>"
            for place, cell in enumerate((*row, *[""] * (len(header) - len(row))))
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    title = f"<caption>{esc(caption)}</caption>" if caption else ""
    shares = "".join(f'<col style="width:{100 * weight / sum(weights):.0f}%">' for weight in weights)
    columns = f"<colgroup>{shares}</colgroup>" if weights else ""
    return f"<table>{title}{columns}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _chart(chart: b.Chart, number: int) -> str:
    height, marks = chart_marks(chart, 10, _CHART_WIDTH - 20, 14)
    shapes = []
    for mark in marks:
        match mark:
            case TextMark():
                words = esc("".join(part.text for part in mark.line.parts))
                shapes.append(
                    f'<text x="{mark.x:.1f}" y="{mark.down:.1f}" font-size="{mark.size:.1f}" fill="{mark.colour}">{words}</text>'
                )
            case Fill():
                shapes.append(
                    f'<rect x="{mark.x:.1f}" y="{mark.down:.1f}" width="{mark.width:.1f}" height="{mark.height:.1f}" '
                    f'fill="{mark.colour}"/>'
                )
            case Rule():
                dashes = f' stroke-dasharray="{mark.dashes}"' if mark.dashes else ""
                shapes.append(
                    f'<line x1="{mark.x:.1f}" y1="{mark.down:.1f}" x2="{mark.to_x:.1f}" y2="{mark.to_down:.1f}" '
                    f'stroke="{mark.colour}" stroke-width="{mark.thickness:g}"{dashes}/>'
                )
            case Dot():
                shapes.append(_dot(mark))
    header, rows = chart_rows(chart)
    return (
        f'<figure><svg role="img" aria-labelledby="t{number} d{number}" viewBox="0 0 {_CHART_WIDTH:g} {height + 8:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="t{number}">{esc(chart.title)}</title>'
        f'<desc id="d{number}">{esc(chart.description)}</desc>{"".join(shapes)}</svg>'
        f"<figcaption><strong>{esc(chart.title)}</strong><p>{esc(chart.description)}</p></figcaption>"
        + _table(header, rows, "The same as a table", tuple(range(1, len(header))))
        + "</figure>"
    )


def _dot(mark: Dot) -> str:
    x, y, r = mark.x, mark.down, mark.radius
    if mark.shape == "round":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{mark.colour}"/>'
    corners = {
        "square": ((-r, -r), (r, -r), (r, r), (-r, r)),
        "diamond": ((-1.3 * r, 0), (0, -1.3 * r), (1.3 * r, 0), (0, 1.3 * r)),
        "triangle": ((-1.3 * r, r), (0, -1.3 * r), (1.3 * r, r)),
    }[mark.shape]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}" fill="{mark.colour}"/>'


def _qr(block: b.QR) -> str:
    count, runs = qr_squares(block.content)
    path = "".join(f"M{column + 4} {row + 4}h{run}v1h-{run}z" for column, row, run in runs)
    return (
        f'<figure><svg role="img" aria-label="Square code" width="120" viewBox="0 0 {count + 8} {count + 8}" '
        f'xmlns="http://www.w3.org/2000/svg"><path d="{path}"/></svg><figcaption>{esc(block.caption)}</figcaption></figure>'
    )
