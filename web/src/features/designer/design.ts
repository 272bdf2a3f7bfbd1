// A document and its explanation as what the diagram is drawn from. Pure.
import type { Design, Part } from '@/widgets/architecture/parts';
import { type Document, isObject } from './document';

export function designOf(document: Document, parts: readonly Part[], vocab: number): Design {
  const attention = isObject(document.attention) ? document.attention : {};
  return {
    parts,
    layers: number(document.layers, 1),
    width: number(document.width, 1),
    context: number(document.context, 1),
    vocabSize: number(document.vocab_size, vocab),
    heads: number(attention.heads, 1),
    isTied: document.is_tied === true,
    isPost: document.norm_placement === 'post',
    isParallel: document.is_parallel === true,
  };
}

function number(value: unknown, usual: number): number {
  return typeof value === 'number' && value > 0 ? value : usual;
}
