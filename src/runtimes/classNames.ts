/** The packages that join class names, for all frameworks: each is a few lines, and nearly every component counts on one. */
import { preview } from './components.ts';

/** As `clsx` and `classnames` do. */
export function joinClasses(...given: readonly unknown[]): string {
  const names = given.flatMap((each): readonly unknown[] => {
    if (Array.isArray(each)) return [joinClasses(...each)];
    if (typeof each === 'object' && each !== null) return Object.entries(each).flatMap(([name, on]) => (on ? [name] : []));
    return [typeof each === 'string' || typeof each === 'number' ? each : ''];
  });
  return names.filter(Boolean).join(' ');
}

type Props = Readonly<Record<string, unknown>>;

interface Variants {
  readonly variants?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly compoundVariants?: readonly Props[];
  readonly defaultVariants?: Props;
}

/** As `class-variance-authority` does. */
const cva =
  (base?: unknown, { variants = {}, compoundVariants = [], defaultVariants = {} }: Variants = {}) =>
  (props: Props = {}): string => {
    const chosen = (name: string): unknown => props[name] ?? defaultVariants[name];
    const own = Object.entries(variants).map(([name, classes]) => classes[String(chosen(name))]);
    const compound = compoundVariants.flatMap(({ class: classes, className, ...wanted }) => {
      const fits = Object.entries(wanted).every(([name, value]) =>
        Array.isArray(value) ? value.includes(chosen(name)) : value === chosen(name),
      );
      return fits ? [classes, className] : [];
    });
    return joinClasses(base, own, compound, props.class, props.className);
  };

const names = (exported: Props): Props => ({ __esModule: true, ...exported });

Object.assign(preview.modules, {
  clsx: names({ default: joinClasses, clsx: joinClasses }),
  classnames: names({ default: joinClasses }),
  'class-variance-authority': names({ cva, cx: joinClasses }),
  'tailwind-merge': names({
    twMerge: joinClasses,
    twJoin: joinClasses,
    extendTailwindMerge: () => joinClasses,
  }),
});
