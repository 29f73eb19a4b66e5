/** Counts the turns of the event loop from now on. The function that it returns ends the count and returns it. */
export function countTurns(): () => number {
  let turns = 0;
  let counting = true;
  const turn = () => {
    if (!counting) return;
    turns += 1;
    setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    counting = false;
    return turns;
  };
}
