/** A class, seen as the constructor of its instances. */
type Class<T> = abstract new (...args: any[]) => T;

/** A subclass and the methods that it overrides. */
interface Derived<T> {
  readonly subclass: Class<T>;
  readonly methods: string[];
}

/**
 * Gives one instance the methods of a subclass, made once for each class.
 *
 * As methods of its own, and not by changing its prototype: every object whose prototype was changed has a hidden class to itself,
 * which makes all code slow that meets many of them. And as the methods of its `constructor` too: the jsii runtime, which calls for
 * Python, Java and Go, looks a method up there and passes by what the instance itself has.
 *
 * @param derived subclasses that were made, by the class that they extend
 * @param extend makes the subclass; it must not be constructed
 */
export function override<T extends object>(instance: T, derived: Map<Class<T>, Derived<T>>, extend: (base: Class<T>) => Class<T>): void {
  const base = instance.constructor as Class<T>;
  let known = derived.get(base);
  if (!known) {
    const subclass = extend(base);
    // The class is ours, the name that people see is not.
    Object.defineProperty(subclass, 'name', { value: base.name });
    known = { subclass, methods: Object.getOwnPropertyNames(subclass.prototype).filter((name) => name !== 'constructor') };
    derived.set(base, known);
  }
  const own = instance as { [name: string]: unknown };
  own.constructor = known.subclass;
  for (const name of known.methods) {
    own[name] = known.subclass.prototype[name];
  }
}
