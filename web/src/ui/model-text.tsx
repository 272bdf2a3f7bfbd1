// What a model wrote, as text: bytes that are no character are drawn as what they are, not as the browser's boxes.
import { Fragment } from 'react';

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const NO_CHARACTER = /([\uFFFD\u0000-\u0008\u000B-\u001F\u007F-\u009F])/;

export function ModelText({ text }: { text: string }) {
  const parts = text.split(NO_CHARACTER);
  return parts.map((part, index) =>
    index % 2 === 0 ? (
      <Fragment key={index}>{part}</Fragment>
    ) : (
      <span key={index} className="no-character" title="a byte that is no character" aria-hidden="true" />
    ),
  );
}
