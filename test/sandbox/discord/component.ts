import { isRecord, type JsonObject } from './json.ts';

/** (Discord, "Component Reference", Component Types.) */
export const COMPONENT = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

export const SELECTS: readonly unknown[] = [
  COMPONENT.stringSelect,
  COMPONENT.userSelect,
  COMPONENT.roleSelect,
  COMPONENT.mentionableSelect,
  COMPONENT.channelSelect,
];

/** A button that only leads to a web page. */
export const LINK_STYLE = 5;

/** Every component, the nested ones too, in reading order. */
export function allComponents(components: unknown): JsonObject[] {
  if (Array.isArray(components)) return components.flatMap(allComponents);
  if (!isRecord(components)) return [];
  return [
    components,
    ...[components['components'], components['accessory'], components['component']].flatMap(allComponents),
  ];
}

/** Components as Discord keeps them: each has a number `id`; those without one get the next that is free. */
export function numbered(components: unknown): unknown {
  const taken = new Set(allComponents(components).map(({ id }) => id));
  let last = 0;
  const next = () => {
    do last += 1;
    while (taken.has(last));
    return last;
  };
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isRecord(value)) return value;
    const { id, components, component, accessory, ...rest } = value;
    return {
      ...rest,
      id: typeof id === 'number' && id > 0 ? id : next(),
      ...(components !== undefined && { components: visit(components) }),
      ...(component !== undefined && { component: visit(component) }),
      ...(accessory !== undefined && { accessory: visit(accessory) }),
    };
  };
  return visit(components);
}

/** All text that a reader sees: content, embeds and text components. */
export function visibleText(message: JsonObject): string {
  const embeds = Array.isArray(message['embeds']) ? message['embeds'].filter(isRecord) : [];
  const fields = embeds.flatMap(embed =>
    Array.isArray(embed['fields']) ? embed['fields'].filter(isRecord) : [],
  );
  const parts: unknown[] = [
    message['content'],
    ...embeds.flatMap(embed => [embed['title'], embed['description']]),
    ...fields.flatMap(field => [field['name'], field['value']]),
    ...allComponents(message['components']).map(({ content }) => content),
  ];
  return parts.filter(part => typeof part === 'string' && part !== '').join('\n');
}
