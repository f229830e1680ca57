/** A class, seen as the constructor of its instances. */
type Class<T> = abstract new (...args: any[]) => T;

/** Subclasses that were made, by the class that they extend. */
type Derived<T> = Map<Class<T>, Class<T>>;

/**
 * Gives one instance the methods of a subclass, made once for each class.
 *
 * Not methods of the instance's own: the jsii runtime, which calls for Python, Java and Go, looks a method up
 * in `constructor.prototype` and passes by what the instance itself has.
 *
 * @param extend makes the subclass; it must not be constructed
 */
export function override<T extends object>(instance: T, derived: Derived<T>, extend: (base: Class<T>) => Class<T>): void {
  const base = instance.constructor as Class<T>;
  let subclass = derived.get(base);
  if (!subclass) {
    subclass = extend(base);
    // The class is ours, the name that people see is not.
    Object.defineProperty(subclass, 'name', { value: base.name });
    derived.set(base, subclass);
  }
  Object.setPrototypeOf(instance, subclass.prototype);
}
