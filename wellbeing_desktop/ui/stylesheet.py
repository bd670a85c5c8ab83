"""The one style sheet of the program, generated from tokens. No colour is written here, only named."""

from wellbeing_desktop.ui.tokens import BASE_POINTS, HEADING_RATIO, VISIT_CONTROL_HEIGHT, VISIT_POINTS, Tokens


def stylesheet(t: Tokens, points: float) -> str:
    """QSS for theme `t` with body text of `points` points."""
    ratio = points / BASE_POINTS
    control = round(20 * max(1.0, ratio))  # inner height: with padding and border 32 px at 100 %
    tick = round(18 * max(1.0, ratio))
    h1, h2, h3 = (points * HEADING_RATIO[level] for level in (1, 2, 3))
    chip_border = f"{t.fill_border_width}px solid" if t.fill_border_width else "1px solid"
    row_line = t.line if t.sunken == t.surface else t.sunken  # in high contrast the fainter one cannot be seen
    return f"""
QWidget {{ color: {t.text}; }}
QWidget#window, QWidget#page, QWidget#pageArea, QStackedWidget, QScrollArea, QWidget#scrollBody
  {{ background: {t.background}; border: none; }}
QLabel {{ background: transparent; border: none; }}
QLabel[kind="h1"] {{ font-size: {h1:.2f}pt; font-weight: 600; }}
QLabel[kind="h2"] {{ font-size: {h2:.2f}pt; font-weight: 600; }}
QLabel[kind="h3"] {{ font-size: {h3:.2f}pt; font-weight: 600; }}
QLabel[kind="muted"], QLabel[kind="help"] {{ color: {t.muted}; }}
QLabel[kind="label"] {{ font-weight: 500; }}
QLabel[kind="factName"] {{ color: {t.muted}; padding-right: 0.3em; }}
QLabel[kind="strong"] {{ font-weight: 600; }}
QLabel[kind="error"] {{ color: {t.bad}; font-weight: 600; }}
QToolTip {{ color: {t.text}; background: {t.surface}; border: 1px solid {t.edge}; padding: 4px 8px; }}

QFrame[kind="card"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[kind="sunken"] {{ background: {t.sunken}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[kind="rule"] {{ background: {t.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[kind="chip"] {{ border-radius: 6px; border: {chip_border} transparent; }}
QFrame[kind="notice"] {{ border-radius: 8px;
  border: {max(1, t.fill_border_width)}px solid; border-left-width: 4px; }}
QFrame#pageNotice {{ margin: 8px 24px 8px 24px; }}
QFrame[kind="notice"][tone="plain"] {{ background: {t.sunken}; border-color: {t.edge}; }}
QFrame[kind="notice"][tone="good"] {{ background: {t.good_fill}; border-color: {t.good}; }}
QFrame[kind="notice"][tone="warning"] {{ background: {t.warning_fill}; border-color: {t.warning}; }}
QFrame[kind="notice"][tone="bad"] {{ background: {t.bad_fill}; border-color: {t.bad}; }}
QFrame[kind="chip"][tone="plain"] {{ background: {t.sunken}; border-color: {t.line}; }}
QFrame[kind="chip"][tone="good"]
  {{ background: {t.good_fill}; border-color: {t.good if t.fill_border_width else t.good_fill}; }}
QFrame[kind="chip"][tone="warning"]
  {{ background: {t.warning_fill}; border-color: {t.warning if t.fill_border_width else t.warning_fill}; }}
QFrame[kind="chip"][tone="bad"]
  {{ background: {t.bad_fill}; border-color: {t.bad if t.fill_border_width else t.bad_fill}; }}
QLabel[tone="good"] {{ color: {t.good}; }}
QLabel[tone="warning"] {{ color: {t.warning}; }}
QLabel[tone="bad"] {{ color: {t.bad}; }}
QFrame[kind="banner"] {{ background: {t.surface}; border: none; border-bottom: 1px solid {t.line}; }}
QFrame[kind="foot"] {{ background: {t.surface}; border: none; border-top: 1px solid {t.line}; }}
QFrame[kind="undo"] {{ background: {t.text}; border: none; border-radius: 8px; margin: 0 24px 8px 24px; }}
QFrame[kind="undo"] QLabel {{ color: {t.surface}; }}
QFrame[kind="undo"] QPushButton {{ color: {t.surface}; background: transparent; border: 1px solid {t.surface}; }}

QPushButton {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.edge}; border-radius: 6px;
  padding: 5px 14px; min-height: {control}px; font-weight: 500; }}
QPushButton:hover {{ background: {t.sunken}; }}
QPushButton:pressed {{ background: {t.selected}; }}
QPushButton:disabled {{ color: {t.muted}; border-color: {t.line}; background: {t.background}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent};
  font-weight: 600; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed
  {{ background: {t.accent_pressed}; border-color: {t.accent_pressed}; }}
QPushButton[kind="primary"]:disabled {{ background: {t.sunken}; color: {t.muted}; border-color: {t.line}; }}
QPushButton[kind="danger"] {{ color: {t.bad}; border-color: {t.bad}; }}
QPushButton[kind="link"] {{ background: transparent; border: none; color: {t.accent}; padding: 4px 4px 4px 0;
  text-align: left; min-height: {max(24, round(16 * ratio))}px; text-decoration: underline; }}
QPushButton[kind="link"]:hover {{ background: {t.selected}; border-radius: 6px; }}
QPushButton[kind="quiet"] {{ background: transparent; border: none; color: {t.muted}; padding: 5px 8px; }}
QPushButton[kind="quiet"]:hover {{ background: {t.sunken}; color: {t.text}; }}
QPushButton[kind="answer"] {{ min-width: {max(24, round(24 * ratio))}px; }}
QPushButton[kind="answer"]:checked {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent};
  font-weight: 700; }}

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {{ background: {t.surface}; color: {t.text};
  placeholder-text-color: {t.hint};
  border: 1px solid {t.edge}; border-radius: 6px; padding: 5px 8px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit, QComboBox, QSpinBox {{ min-height: {control}px; }}
QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {t.sunken}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ background: {t.background}; color: {t.muted};
  border-color: {t.line}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 2px solid {t.bad};
  padding: 4px 7px; }}
QComboBox {{ padding-right: {round(28 * max(1.0, ratio))}px; }}
QComboBox::drop-down {{ border: none; width: {round(24 * max(1.0, ratio))}px; }}
QComboBox::down-arrow {{ image: none; width: 0px; height: 0px; }}
QComboBox QAbstractItemView {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.edge};
  selection-background-color: {t.selected}; selection-color: {t.text}; outline: none; padding: 4px; }}
QComboBox QAbstractItemView::item {{ min-height: {control + 8}px; }}
QCheckBox, QRadioButton {{ spacing: 8px; min-height: {max(24, control + 4)}px; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: {tick}px; height: {tick}px; background: {t.surface};
  border: 1px solid {t.edge}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: {tick // 2 + 1}px; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; }}
QRadioButton::indicator:checked {{ border: {tick // 3}px solid {t.accent}; width: {tick + 2 - 2 * (tick // 3)}px;
  height: {tick + 2 - 2 * (tick // 3)}px; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {t.background};
  border-color: {t.line}; }}

QTableView {{ background: {t.surface}; alternate-background-color: {t.surface}; color: {t.text};
  border: 1px solid {t.line}; border-radius: 8px; gridline-color: {t.line};
  selection-background-color: {t.selected}; selection-color: {t.text}; outline: none; }}
QTableView::item {{ padding: 0 8px; border: none; border-bottom: 1px solid {row_line}; }}
QTableView::item:selected {{ background: {t.selected}; color: {t.text}; }}
QTableView[kind="plain"] {{ border: none; border-radius: 0; }}
QMenu {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.edge}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; min-height: {control}px; }}
QMenu::item:selected {{ background: {t.selected}; color: {t.text}; }}
QHeaderView {{ background: {t.surface}; border: none; border-top-left-radius: 8px; border-top-right-radius: 8px; }}
QHeaderView::section {{ background: {t.surface}; color: {t.muted}; border: none; border-bottom: 1px solid {t.line};
  padding: 7px 11px; font-weight: 600; }}
QTableCornerButton::section {{ background: {t.surface}; border: none; }}
QListView, QListWidget {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.line}; border-radius: 8px;
  outline: none; padding: 4px; }}
QListView::item {{ padding: 6px 8px; border-radius: 6px; }}
QListView::item:selected {{ background: {t.selected}; color: {t.text}; }}

QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {t.muted}; border: none; border-bottom: 3px solid transparent;
  padding: 8px 14px 6px 14px; font-weight: 500; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; font-weight: 600; }}
QTabBar::tab:hover:!selected {{ color: {t.text}; border-bottom-color: {t.line}; }}

QProgressBar {{ background: {t.sunken}; border: 1px solid {t.line}; border-radius: 4px; min-height: 8px;
  max-height: 8px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}

QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.edge}; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {t.background}; }}

QFrame#navigation {{ background: {t.navigation}; border: none; }}
QFrame#navigation QScrollArea, QWidget#navigationBody {{ background: transparent; border: none; }}
QFrame#navigation QPushButton {{ background: transparent; color: {t.navigation_text}; border: none;
  border-radius: 6px; text-align: left; padding: 7px 12px; min-height: {max(24, control + 2)}px; font-weight: 400; }}
QFrame#navigation[folded="true"] QPushButton {{ min-height: {max(24, round(15 * ratio))}px; }}
QFrame#navigation QPushButton:hover {{ background: {t.navigation_selected}; }}
QFrame#navigation QPushButton:checked {{ background: {t.navigation_selected}; font-weight: 600; }}
QFrame#syncLine {{ background: {t.surface}; border: none; border-top: 1px solid {t.line}; }}
QFrame#syncLine QPushButton {{ border: none; background: transparent; padding: 1px 8px; min-height: {max(24, round(22 * ratio))}px;
  font-weight: 400; text-align: left; color: {t.text}; }}
QFrame#syncLine QPushButton:hover {{ background: {t.sunken}; }}
QFrame#syncLine QPushButton[tone="warning"] {{ color: {t.warning}; background: {t.warning_fill};
  border: {chip_border} {t.warning if t.fill_border_width else t.warning_fill}; border-radius: 6px; }}
QFrame#syncLine QPushButton[tone="good"] {{ color: {t.good}; }}
QFrame#syncLine QPushButton[tone="bad"] {{ color: {t.bad}; background: {t.bad_fill}; font-weight: 600;
  border: {chip_border} {t.bad if t.fill_border_width else t.bad_fill}; border-radius: 6px; }}
QFrame#palette {{ background: {t.surface}; border: 2px solid {t.edge}; border-radius: 8px; }}
QWidget#lock {{ background: {t.navigation}; }}
QWidget#lock > QLabel {{ color: {t.navigation_text}; }}

*[visit="true"] QLabel {{ font-size: {max(points, VISIT_POINTS):.2f}pt; }}
*[visit="true"] QLabel[kind="h1"] {{ font-size: {max(points, VISIT_POINTS) * 1.4:.2f}pt; }}
*[visit="true"] QLabel[kind="h2"] {{ font-size: {max(points, VISIT_POINTS) * 1.15:.2f}pt; }}
*[visit="true"] QPushButton, *[visit="true"] QLineEdit, *[visit="true"] QComboBox
  {{ min-height: {VISIT_CONTROL_HEIGHT - 12}px; font-size: {max(points, VISIT_POINTS):.2f}pt; }}
*[visit="true"] QTabBar, *[visit="true"] ChartArea, *[visit="true"] QTableView,
*[visit="true"] QPlainTextEdit, *[visit="true"] QCheckBox, *[visit="true"] QRadioButton
  {{ font-size: {max(points, VISIT_POINTS):.2f}pt; }}
*[visit="true"] QCheckBox, *[visit="true"] QRadioButton {{ min-height: {VISIT_CONTROL_HEIGHT}px; }}
"""
