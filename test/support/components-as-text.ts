import { COMPONENT } from '../sandbox/discord/component.ts';
import { isRecord, type JsonObject } from '../sandbox/discord/json.ts';

const LINE = '─'.repeat(40);

/**
 * Components of a message or a form (Discord, "Component Reference") as a text that shows what people see: `[Button]`,
 * `▾ menu`, `(•) radio`, `[x] box` and `|field|`.
 */
export function asText(components: unknown): string {
  return listOf(components).map(shown).join('\n');
}

/** A form as a text, with its title. */
export function formAsText(form: object): string {
  const { title, components } = form as { title?: string; components?: unknown };
  return [
    `┌ ${title ?? ''}`,
    ...asText(components)
      .split('\n')
      .map(line => `│ ${line}`),
    '└ [Submit] [Cancel]',
  ].join('\n');
}

function shown(one: JsonObject): string {
  const { type } = one;
  switch (type) {
    case COMPONENT.container:
      return asText(one['components']);
    case COMPONENT.row:
      return listOf(one['components']).map(shown).join(' ');
    case COMPONENT.section: {
      const beside = listOf([one['accessory']]).map(shown).join('');
      return `${asText(one['components'])}  ${beside}`;
    }
    case COMPONENT.text:
      return textOf(one['content']);
    case COMPONENT.thumbnail:
      return `▨ ${textOf(one['description'])}`;
    case COMPONENT.separator:
      return LINE;
    case COMPONENT.button:
      return one['disabled'] === true ? `[${textOf(one['label'])}: off]` : `[${textOf(one['label'])}]`;
    case COMPONENT.stringSelect:
      return menu(one);
    case COMPONENT.label:
      return [
        `${textOf(one['label'])}${one['description'] === undefined ? '' : `  (${textOf(one['description'])})`}`,
        ...listOf([one['component']]).map(shown),
      ].join('\n');
    case COMPONENT.textInput:
      return `|${textOf(one['value']).replaceAll('\n', ' ⏎ ')}|`;
    case COMPONENT.radioGroup:
      return options(one, '(•)', '( )');
    case COMPONENT.checkboxGroup:
      return options(one, '[x]', '[ ]');
    case COMPONENT.checkbox:
      return one['default'] === true ? '[x]' : '[ ]';
    case COMPONENT.fileUpload:
      return '⇪ file';
    default:
      return `▾ ${idsIn(one) || textOf(one['placeholder']) || '…'}`;
  }
}

function menu(one: JsonObject): string {
  const chosen = listOf(one['options']).filter(option => option['default'] === true);
  const labels = chosen.map(({ label }) => textOf(label)).join(', ');
  return `▾ ${labels || textOf(one['placeholder']) || '…'} (of ${listOf(one['options']).length})`;
}

function options(one: JsonObject, on: string, off: string): string {
  return listOf(one['options'])
    .map(option => {
      const about = option['description'] === undefined ? '' : `  (${textOf(option['description'])})`;
      return `${option['default'] === true ? on : off} ${textOf(option['label'])}${about}`;
    })
    .join('\n');
}

function idsIn(one: JsonObject): string {
  return listOf(one['default_values'])
    .map(({ id }) => textOf(id))
    .join(', ');
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
