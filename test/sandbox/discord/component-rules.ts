import { allComponents, COMPONENT, LINK_STYLE, SELECTS } from './component.ts';
import { Form, type Path } from './form.ts';
import { isRecord, lengthOf } from './json.ts';
import { invalidForm } from './rest-error.ts';
import { checkSelect } from './select-rules.ts';

const TOTAL_MAX = 40;
/** Of all text displays. */
const TEXT_MAX = 4_000;
const ROWS_MAX = 5;
const BUTTONS_MAX = 5;
const SECTION_TEXTS_MAX = 3;
const GALLERY_MAX = 10;
const LABEL_MAX = 80;
const CUSTOM_ID_MAX = 100;
const URL_MAX = 512;
const ALT_MAX = 1_024;
const COLOR_MAX = 0xff_ffff;
const SKU_STYLE = 6;
const INT32_MAX = 2 ** 31 - 1;

const { row, button, section, text, thumbnail, gallery, file, separator, container } = COMPONENT;
const IN_CONTAINER: readonly unknown[] = [row, section, text, gallery, file, separator];
const TOP: readonly unknown[] = [...IN_CONTAINER, container];

/** What is known of the message that the components are of. */
interface Surroundings {
  /** It consists of components alone (IS_COMPONENTS_V2). */
  readonly v2: boolean;
  /** Names of its files. */
  readonly fileNames: readonly string[];
  /** Where it stands in the body. */
  readonly path: Path;
}

/**
 * Throws as Discord answers if the components of a message are not as they must be. (Discord, "Component
 * Reference"; without the flag for components alone there are but rows of buttons and selects.)
 */
export function checkComponents(components: unknown, { v2, fileNames, path }: Surroundings): void {
  const form = new Form({ components }, path);
  const top = form.list('components', 0, v2 ? TOTAL_MAX : ROWS_MAX);
  for (const one of top) checkOne(one, v2 ? TOP : [row], fileNames);
  checkIds(components, path);
  const all = allComponents(components);
  if (all.length > TOTAL_MAX)
    throw form.problem('components', 'BASE_TYPE_MAX_LENGTH', `Must be ${TOTAL_MAX} or fewer in length.`);
  const length = all.reduce(
    (sum, { content }) => sum + (typeof content === 'string' ? lengthOf(content) : 0),
    0,
  );
  if (length > TEXT_MAX)
    throw form.problem(
      'components',
      'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
      `The total displayable text size of all components is ${length}, more than ${TEXT_MAX}`,
    );
}

/** No `custom_id` and no `id` stands twice. */
export function checkIds(components: unknown, path: Path): void {
  for (const [name, code] of [
    ['custom_id', 'COMPONENT_CUSTOM_ID_DUPLICATED'],
    ['id', 'COMPONENT_ID_DUPLICATED'],
  ] as const) {
    const ids = allComponents(components).map(component => component[name]);
    const twice = ids.find((id, index) => id !== undefined && id !== 0 && ids.indexOf(id) !== index);
    if (twice !== undefined)
      throw invalidForm(
        [...path, 'components'],
        code,
        `Component ${name} cannot be duplicated: ${JSON.stringify(twice)}`,
      );
  }
}

function checkOne(form: Form, kinds: readonly unknown[], files: readonly string[]): void {
  const type = form.value('type');
  if (!kinds.includes(type))
    throw form.problem(
      'type',
      'UNION_TYPE_CHOICES',
      `Value of field "type" must be one of (${kinds.join(', ')}).`,
    );
  form.integer('id', 0, INT32_MAX);
  if (type === row) checkRow(form, files);
  else if (type === button) checkButton(form);
  else if (SELECTS.includes(type)) checkSelect(form, false);
  else if (type === section) {
    for (const one of form.list('components', 1, SECTION_TEXTS_MAX)) checkOne(one, [text], files);
    const accessory = form.record('accessory');
    if (!accessory) throw form.missing('accessory');
    checkOne(accessory, [button, thumbnail], files);
  } else if (type === text) form.text('content', 1, TEXT_MAX);
  else if (type === thumbnail) {
    checkMedia(form, 'media', files);
    form.text('description', 0, ALT_MAX);
    form.boolean('spoiler');
  } else if (type === gallery) {
    for (const item of form.list('items', 1, GALLERY_MAX)) {
      checkMedia(item, 'media', files);
      item.text('description', 0, ALT_MAX);
    }
  } else if (type === file) checkMedia(form, 'file', files, true);
  else if (type === separator) {
    form.boolean('divider');
    form.integer('spacing', 1, 2);
  } else {
    form.integer('accent_color', 0, COLOR_MAX);
    for (const one of form.list('components', 1, TOTAL_MAX)) checkOne(one, IN_CONTAINER, files);
  }
}

/** Up to five buttons, or one select. */
function checkRow(form: Form, files: readonly string[]): void {
  const inner = form.list('components', 1, BUTTONS_MAX);
  for (const one of inner) checkOne(one, [button, ...SELECTS], files);
  const selects = inner.filter(one => SELECTS.includes(one.value('type')));
  if (selects.length > 0 && inner.length > 1)
    throw form.problem(
      'components',
      'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
      'The specified component exceeds the maximum width',
    );
}

function checkButton(form: Form): void {
  form.oneOf('style', [1, 2, 3, 4, LINK_STYLE, SKU_STYLE]);
  const style = form.value('style');
  form.text('label', 0, LABEL_MAX);
  form.boolean('disabled');
  const emoji = form.record('emoji');
  const custom = form.value('custom_id') !== undefined;
  const forbidden = (name: string) =>
    form.problem(name, 'BUTTON_COMPONENT_FIELD_INVALID', `A button of style ${String(style)} has no ${name}`);
  if (style !== SKU_STYLE && !form.value('label') && !emoji)
    throw form.problem('', 'BUTTON_COMPONENT_INVALID_LABEL', 'A button must have a label or an emoji');
  if (style === LINK_STYLE) {
    form.text('url', 1, URL_MAX);
    if (custom)
      throw form.problem(
        '',
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A custom id and url cannot both be specified',
      );
  } else if (style === SKU_STYLE) {
    form.text('sku_id', 1, CUSTOM_ID_MAX);
    if (custom) throw forbidden('custom_id');
  } else {
    form.text('custom_id', 1, CUSTOM_ID_MAX);
    if (form.value('url') !== undefined) throw forbidden('url');
  }
}

/** A link to the web, or to one of the message's files (`attachment://name`), which alone a file component takes. */
function checkMedia(form: Form, name: string, files: readonly string[], ownOnly = false): void {
  const media = form.record(name);
  if (!media) throw form.missing(name);
  const url = media.value('url');
  media.text('url', 1, 2_048);
  if (typeof url !== 'string') return;
  const own = /^attachment:\/\/(.+)$/u.exec(url)?.[1];
  if (own !== undefined && !files.includes(own))
    throw media.problem(
      'url',
      'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
      'The referenced attachment was not found',
    );
  if (own === undefined && (ownOnly || !/^https?:\/\//u.test(url)))
    throw media.problem(
      'url',
      'URL_TYPE_INVALID_SCHEME',
      `Scheme must be one of (${ownOnly ? "'attachment'" : "'http', 'https', 'attachment'"}).`,
    );
}

/** Whether a message's fields name any components. */
export function hasComponents(components: unknown): boolean {
  return Array.isArray(components) && components.some(isRecord);
}
