// Where words stand in a text, for marking them: whole words, capital or small. Pure.

export interface MarkedPart {
  text: string;
  isHit: boolean;
}

export function marksIn(text: string, words: readonly string[]): MarkedPart[] {
  const wanted = words.map(word => word.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()).filter(Boolean);
  if (wanted.length === 0) return [{ text, isHit: false }];
  const pattern = wanted.map(word => word.split(' ').join('[^\\p{L}\\p{N}]+')).join('|');
  const parts = text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${pattern})(?![\\p{L}\\p{N}])`, 'giu'));
  return parts
    .map((part, index) => ({ text: part, isHit: index % 2 === 1 }))
    .filter(part => part.text !== '');
}
