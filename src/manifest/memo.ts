const ANSWERS = Symbol('answers');

let functions = 0;

/**
 * A function that keeps its answer on the object that it was asked about: several rules ask the same of one pod. What else the answer
 * needs must be the same for the same object.
 *
 * Not a WeakMap: thousands of entries in one make every garbage collection slow. One list for all functions: with a property for each of them
 * there would be as many shapes of the object as orders in which rules ask.
 */
export function onceFor<K extends object, V, C = void>(compute: (key: K, context: C) => V): (key: K, context: C) => V {
  const number = functions++;
  return (key, context) => {
    const answers: V[] = ((key as { [ANSWERS]?: V[] })[ANSWERS] ??= []);
    return (answers[number] ??= compute(key, context));
  };
}

/** So many answers are kept: an app has thousands of texts and few different ones, and input that means harm has many. */
const MOST_KNOWN = 1000;

/** A function that remembers what it said about a text. */
export function onceForText<V>(compute: (text: string) => V, mostKnown: number = MOST_KNOWN): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined && !known.has(text)) {
      answer = compute(text);
      if (known.size < mostKnown) {
        known.set(text, answer);
      }
    }
    return answer as V;
  };
}
