// The heads of a comparison's columns: a letter for each side.
export function SideHeads({ sides }: { sides: readonly { letter: string }[] }) {
  return sides.map(side => (
    <th key={side.letter} className="r">
      {side.letter}
    </th>
  ));
}
