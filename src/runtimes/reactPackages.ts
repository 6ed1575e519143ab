/**
 * Packages of React's world that answers import although they were asked for code that stands alone, as far as a page that stays where it
 * is needs them. Each component is drawn as the plain element that it would become.
 */
import React from 'react';
import { preview } from './components.ts';

type Props = Readonly<Record<string, unknown>>;
const { createElement, forwardRef } = React;

const content = ({ children }: Props): unknown => children;
const nothing = (): undefined => undefined;
const module = (exported: Props): Props => ({ __esModule: true, ...exported });

/** `next/link`, and the links of a router. */
const Link = ({
  href,
  to,
  children,
  prefetch,
  replace,
  scroll,
  legacyBehavior,
  end,
  className,
  style,
  ...rest
}: Props): unknown => {
  const address = href ?? to;
  const isHere = { isActive: address === '/', isPending: false };
  return createElement('a', {
    href: typeof address === 'string' ? address : '#',
    className: typeof className === 'function' ? className(isHere) : className,
    style: typeof style === 'function' ? style(isHere) : style,
    ...rest,
    children: typeof children === 'function' ? children(isHere) : children,
  });
};

/** `next/image`: `fill` is what takes the whole of its place. */
const Image = ({ src, fill, style, priority, quality, placeholder, blurDataURL, loader, unoptimized, ...rest }: Props): unknown =>
  createElement('img', {
    src: typeof src === 'object' && src !== null && 'src' in src ? src.src : src,
    style: { ...(fill ? { position: 'absolute', inset: 0, width: '100%', height: '100%' } : {}), ...(style as object) }, // of an <img>
    ...rest,
  });

/** `next/dynamic`: with what is shown until it is there. */
const dynamic = (load: () => Promise<unknown>, { loading }: { readonly loading?: unknown } = {}): unknown => {
  const Late = React.lazy(async () => {
    const loaded = await load();
    return typeof loaded === 'function' ? { default: loaded } : loaded;
  });
  return (props: Props) =>
    createElement(React.Suspense, { fallback: loading ? createElement(loading) : null, children: createElement(Late, props) });
};

const font = (): Props => ({ className: '', variable: '', style: {} });
const fonts = new Proxy({}, { get: (_, key) => (key === '__esModule' ? true : font) });

const router = {
  push: nothing,
  replace: nothing,
  back: nothing,
  forward: nothing,
  refresh: nothing,
  prefetch: nothing,
  pathname: '/',
  route: '/',
  asPath: '/',
  query: {},
  isReady: true,
};
const here = { pathname: '/', search: '', hash: '', state: null, key: 'default' };

interface RouteObject {
  readonly path?: string;
  readonly index?: boolean;
  readonly element?: unknown;
  readonly Component?: unknown;
  readonly children?: unknown;
}

/** What a router draws where its outlet is. */
const Outlets = React.createContext<unknown>(null);
const Outlet = (): unknown => React.useContext(Outlets);

/** The route for "/", else the first of its level. */
function drawRoute(routes: readonly RouteObject[]): unknown {
  const route = routes.find(({ path, index }) => index || path === '/' || path === '') ?? routes[0];
  if (!route) return null;
  const inner = drawRoute(routesIn(route.children));
  const drawn = route.Component === undefined ? route.element : createElement(route.Component);
  return drawn === undefined ? inner : createElement(Outlets.Provider, { value: inner, children: drawn });
}

/** Of `<Route>` elements or of plain objects. */
const routesIn = (children: unknown): readonly RouteObject[] =>
  [children]
    .flat(3)
    .flatMap((child) =>
      typeof child === 'object' && child !== null ? [('props' in child ? child.props : child) as RouteObject] : [],
    );

const Routes = ({ children }: Props): unknown => drawRoute(routesIn(children));

const routing = module({
  Link,
  NavLink: Link,
  Navigate: nothing,
  Outlet,
  Route: nothing,
  Routes,
  Switch: Routes,
  BrowserRouter: content,
  HashRouter: content,
  MemoryRouter: content,
  createBrowserRouter: (routes: unknown) => routes,
  createHashRouter: (routes: unknown) => routes,
  RouterProvider: ({ router: routes }: Props) => drawRoute(routesIn(routes)),
  useRoutes: (routes: unknown) => drawRoute(routesIn(routes)),
  useNavigate: () => nothing,
  useLocation: () => here,
  useParams: () => ({}),
  useSearchParams: () => [new URLSearchParams(), nothing],
  useOutlet: Outlet,
});

const MOTION =
  /^(?:initial|animate|exit|transition|variants|custom|inherit|viewport|layout(?:Id|Scroll|Dependency)?|(?:while|drag|onAnimation|onDrag|onPan|onHover|onTap|onViewport|onLayout)\w*|onUpdate|transformTemplate)$/;

/** `motion.div`: the element as it stands when nothing moves. Values that only motion makes come to nothing in its style. */
const still = (tag: unknown): unknown =>
  forwardRef(({ style, ...props }: Props, ref: unknown) => {
    const own = Object.entries(props).filter(([name]) => !MOTION.test(name));
    const plain = Object.entries(style ?? {}).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
    return createElement(tag, { ...Object.fromEntries(own), style: Object.fromEntries(plain), ref });
  });

const stillTags = new Map<string, unknown>();
const motion = new Proxy(still, {
  get(target, tag) {
    if (typeof tag !== 'string' || tag in target) return Reflect.get(target, tag);
    if (!stillTags.has(tag)) stillTags.set(tag, tag === 'create' ? still : still(tag));
    return stillTags.get(tag);
  },
});

/** A value that motion would change. */
const steady = (value: unknown) => ({ get: () => value, set: nothing, on: () => nothing, onChange: () => nothing });
const motions = module({
  motion,
  m: motion,
  AnimatePresence: content,
  LayoutGroup: content,
  LazyMotion: content,
  MotionConfig: content,
  domAnimation: {},
  domMax: {},
  useReducedMotion: () => true,
  useInView: () => true,
  useAnimation: () => ({ start: nothing, stop: nothing, set: nothing }),
  useAnimationControls: () => ({ start: nothing, stop: nothing, set: nothing }),
  useAnimate: () => [React.useRef(null), nothing],
  useScroll: () => ({ scrollX: steady(0), scrollY: steady(0), scrollXProgress: steady(0), scrollYProgress: steady(0) }),
  useMotionValue: steady,
  useSpring: steady,
  useTransform: () => steady(undefined),
  useMotionValueEvent: nothing,
  animate: () => ({ stop: nothing }),
});

/** Any of `prop-types`: in production it checks nothing. */
const propType: object = new Proxy(nothing, { get: () => propType, apply: () => propType });

Object.assign(preview.modules, {
  'next/link': module({ default: Link }),
  'next/image': module({ default: Image }),
  'next/head': module({ default: nothing }),
  'next/dynamic': module({ default: dynamic }),
  'next/font/google': fonts,
  'next/font/local': module({ default: font }),
  'next/navigation': module({
    useRouter: () => router,
    usePathname: () => '/',
    useSearchParams: () => new URLSearchParams(),
    useParams: () => ({}),
    redirect: nothing,
    notFound: nothing,
  }),
  'next/router': module({ useRouter: () => router }),
  'react-router-dom': routing,
  'react-router': routing,
  'framer-motion': motions,
  'motion/react': motions,
  'prop-types': module({ default: propType }),
});
