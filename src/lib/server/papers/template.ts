import {
	lineSpacing,
	opinionHeight,
	page,
	pairHeight,
	sizes,
	tableSpacing,
	titleSpacing
} from './layout';

/**
 * The document in Typst. Everything that people wrote comes from paper.json as strings, which Typst prints
 * and never reads as markup; this text is the only one it reads.
 */
export const template = `
#let p = json("/paper.json")
#let families(role) = p.fonts.latin.map(n => (name: n, covers: "latin-in-cjk")) + p.fonts.at(role)
// Each line is exactly as high as its letters; the leading does the rest, so lines lie ${lineSpacing} pt apart.
#let type(role, size, ..more) = text.with(font: families(role), size: size, top-edge: .88em, bottom-edge: -.12em, ..more)
#let plain(size, spacing) = par.with(leading: spacing - size, spacing: spacing - size, first-line-indent: 0pt, justify: false)
#set document(title: p.title, date: none)
#set page(
  paper: "a4",
  margin: (top: ${page.top}mm, left: ${page.left}mm, right: ${page.right}mm, bottom: ${page.bottom}mm),
  header-ascent: 14mm, footer-descent: ${page.footer}mm,
  header: if p.mark != none { align(center, type("hei", ${sizes.mark}pt)(p.mark)) },
  footer: context {
    let n = counter(page).get().first()
    let mark = type("chinese", ${sizes.pageNumber}pt)("— " + str(n) + " —")
    if calc.odd(n) { align(right, mark + h(1em)) } else { align(left, h(1em) + mark) }
  }
)
#set text(font: families("body"), size: ${sizes.body}pt, top-edge: .88em, bottom-edge: -.12em, lang: "zh", region: "cn", fallback: false, hyphenate: false, cjk-latin-spacing: none)
#set par(leading: ${lineSpacing - sizes.body}pt, spacing: ${lineSpacing - sizes.body}pt, justify: true, first-line-indent: (amount: 2em, all: true))
#let lead(level) = if level == 1 { type("hei", ${sizes.body}pt, weight: "bold") } else if level == 2 { type("kai", ${sizes.body}pt, weight: "bold") } else { type("body", ${sizes.body}pt, weight: "bold") }
#show heading: it => block(sticky: true, above: ${lineSpacing - sizes.body}pt, below: ${lineSpacing - sizes.body}pt, lead(it.level)(h(2em) + it.body))
#set table(stroke: .5pt, inset: (x: 1.2mm, y: 1.4mm))

#align(center, block(below: ${lineSpacing}pt, {
  set par(leading: ${titleSpacing - sizes.title}pt, first-line-indent: 0pt, justify: false)
  type("title", ${sizes.title}pt, weight: "bold")(p.title)
}))
#let row(cells, columns, ..more) = cells.enumerate().map(((i, c)) => table.cell(align: columns.at(i).align_ + horizon, ..more, c))
#for part in p.parts {
  if part.kind == "line" {
    align(if part.align == "left" { left } else if part.align == "right" { right } else { center }, plain(${sizes.body}pt, ${lineSpacing}pt)(part.text))
  } else if part.kind == "heading" {
    heading(level: part.level, part.text)
  } else if part.kind == "paragraph" {
    par(part.text)
  } else if part.kind == "table" {
    let columns = part.columns.map(c => c + (align_: if c.align == "left" { left } else { center }))
    block(above: 4mm, below: 5mm, {
      set text(size: ${sizes.table}pt)
      set par(leading: ${tableSpacing - sizes.table}pt, spacing: ${tableSpacing - sizes.table}pt, first-line-indent: 0pt, justify: false)
      table(
        columns: columns.map(c => c.width * 1fr),
        table.header(repeat: true, ..columns.map(c => table.cell(align: center + horizon, type("hei", ${sizes.table}pt, weight: "bold")(c.head)))),
        ..part.rows.map(r => row(r.cells.map(c => {
          let words = if r.strong { strong(c.text) } else { c.text }
          if c.href != none { link(c.href, words) } else { words }
        }), columns, breakable: r.breakable)).flatten()
      )
    })
  } else if part.kind == "picture" {
    align(center, block(above: 4mm, below: 4mm, breakable: false, {
      image(part.file, width: part.width * 1mm)
      plain(${sizes.table}pt, 18pt)(text(size: ${sizes.table}pt, part.caption))
    }))
  } else if part.kind == "pictures" {
    let small(words) = plain(${sizes.table}pt, 18pt)(text(size: ${sizes.table}pt, words))
    align(center, block(above: 4mm, below: 4mm, breakable: false, {
      small(strong(part.caption))
      v(2mm, weak: true)
      grid(columns: part.pictures.map(_ => 1fr), column-gutter: 4mm, ..part.pictures.map(x => align(center, {
        image(x.file, width: 100%, height: ${pairHeight}mm, fit: "contain")
        small(x.caption)
      })))
    }))
  } else if part.kind == "page" {
    pagebreak(weak: true)
  } else if part.kind == "signature" {
    block(breakable: false, width: 100%, {
      if part.last != none { par(part.last) }
      v(${lineSpacing}pt)
      align(right, plain(${sizes.body}pt, ${lineSpacing}pt)(part.unit + h(part.indent.unit * 1em)))
      align(right, plain(${sizes.body}pt, ${lineSpacing}pt)(part.day + h(part.indent.day * 1em)))
    })
  } else if part.kind == "opinions" {
    for box in part.boxes {
      block(width: 100%, height: ${opinionHeight}mm, stroke: .5pt, inset: 3mm, breakable: false, above: 0mm, below: -.25pt, {
        set par(first-line-indent: 0pt)
        type("hei", 14pt, weight: "bold")(box.heading)
        par(first-line-indent: (amount: 2em, all: true), text(size: 14pt, box.text))
        place(bottom + left, dx: 55%, stack(spacing: 4mm, ..p.foot.map(line => text(size: 14pt, line))))
      })
    }
  }
}
`;
