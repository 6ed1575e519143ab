// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are programs in strings.
/**
 * Components as models write them, in the three frameworks: with what each reads once it is drawn, and with each sentence that is to be
 * said of it. A test compiles them all, and another draws them all in a browser.
 */

export interface ComponentCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Sent with the task. */
  readonly sent?: Readonly<Record<string, string>>;
  /** What is seen of it, without spaces at line ends; absent: it is refused. */
  readonly reads?: string;
  /** An expression of its root element that is true once it is drawn. */
  readonly holds?: string;
  /** Every sentence that is said of it, in order. */
  readonly says?: readonly string[];
}

const one = (name: string, code: string, rest: Omit<ComponentCase, 'name' | 'files'>): ComponentCase => ({
  name,
  files: { 'App.tsx': code },
  ...rest,
});

const REACT: readonly ComponentCase[] = [
  one('a default function', 'export default function App() { return <p>Plans</p>; }', { reads: 'Plans' }),
  one('a default arrow', 'export default () => <p>Plans</p>;', { reads: 'Plans' }),
  one('a constant, exported last', 'const App = () => <p>Plans</p>;\nexport default App;', { reads: 'Plans' }),
  one('a named function alone', 'export function Pricing() { return <p>Plans</p>; }', { reads: 'Plans' }),
  one(
    'a named constant beside types',
    'export type P = { a: string };\nexport const Pricing = (_: Partial<P>) => <p>Plans</p>;',
    {
      reads: 'Plans',
    },
  ),
  one('an export list', 'function App() { return <p>Plans</p>; }\nexport { App as default };', { reads: 'Plans' }),
  one('exported nowhere', 'function App() { return <p>Plans</p>; }', {
    reads: 'Plans',
    says: ['App.tsx exports nothing: App is shown.'],
  }),
  one('two that are exported nowhere', 'const Row = () => <b>Row</b>;\nconst App = () => <p>Plans <Row /></p>;', {
    reads: 'Plans Row',
    says: ['App.tsx exports nothing: App is shown.'],
  }),
  one(
    'forwardRef',
    "import { forwardRef } from 'react';\nconst Field = forwardRef<HTMLInputElement, { label: string }>(({ label = 'Name' }, ref) => <label>{label}<input ref={ref} /></label>);\nexport default Field;",
    {
      reads: 'Name',
    },
  ),
  one(
    'memo of a function',
    "import React, { memo } from 'react';\nfunction App() { return <p>Plans</p>; }\nexport default memo(App);",
    { reads: 'Plans' },
  ),
  one(
    'React.memo and React.FC',
    "import * as React from 'react';\nconst App: React.FC<{ n?: number }> = React.memo(({ n = 3 }) => <p>Plans {n}</p>);\nexport default App;",
    {
      reads: 'Plans 3',
    },
  ),
  one(
    'a class',
    "import React from 'react';\ninterface S { n: number }\nexport default class App extends React.Component<{}, S> {\n  state: S = { n: 1 };\n  static defaultProps = {};\n  render() { return <p>Plans {this.state.n}</p>; }\n}",
    { reads: 'Plans 1' },
  ),
  one(
    'an error boundary of a class',
    "import { Component, type ReactNode } from 'react';\nclass Guard extends Component<{ children: ReactNode }, { bad: boolean }> {\n  state = { bad: false };\n  static getDerivedStateFromError() { return { bad: true }; }\n  render() { return this.state.bad ? <p>Bad</p> : this.props.children; }\n}\nexport default () => <Guard><p>Plans</p></Guard>;",
    { reads: 'Plans' },
  ),
  one(
    'every usual hook',
    "import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useReducer, useRef, useState, useTransition } from 'react';\nexport default function App() {\n  const [n, set] = useState(0);\n  const [m] = useReducer((a: number) => a, 2);\n  const ref = useRef<HTMLParagraphElement>(null);\n  const id = useId();\n  useTransition();\n  useEffect(() => { set(1); return () => {}; }, []);\n  useLayoutEffect(() => { ref.current!.title = id; }, [id]);\n  const sum = useMemo(() => n + m, [n, m]);\n  const text = useCallback(() => `Sum ${sum}`, [sum]);\n  return <p ref={ref}>{text()}</p>;\n}",
    { reads: 'Sum 3' },
  ),
  one(
    'a context',
    "import { createContext, useContext, type PropsWithChildren } from 'react';\nconst Theme = createContext<'light' | 'dark'>('light');\nconst Box = ({ children }: PropsWithChildren) => <p>{useContext(Theme)} {children}</p>;\nexport default () => <Theme.Provider value=\"dark\"><Box>mode</Box></Theme.Provider>;",
    { reads: 'dark mode' },
  ),
  one(
    'a portal',
    'import { createPortal } from \'react-dom\';\nexport default () => <><p>Page</p>{createPortal(<p id="over">Over</p>, document.body)}</>;',
    { reads: 'Page', holds: "document.querySelector('#over').textContent === 'Over'" },
  ),
  one(
    'generics, enums, satisfies and non-null',
    "enum Kind { Free = 'free', Paid = 'paid' }\nconst PLANS = { free: 0, paid: 9 } as const satisfies Record<Kind, number>;\nfunction List<T,>({ items, show }: { items: readonly T[]; show: (item: T) => string }) { return <ul>{items.map((item, i) => <li key={i}>{show(item)}</li>)}</ul>; }\nexport default function App() { const kinds = Object.values(Kind)!; return <List<Kind> items={kinds} show={(kind) => `${kind} ${PLANS[kind]}`} />; }",
    { reads: 'free 0 paid 9' },
  ),
  one(
    'fragments with keys',
    "import { Fragment } from 'react';\nexport default () => <>{['a', 'b'].map((x) => <Fragment key={x}><i>{x}</i> </Fragment>)}</>;",
    {
      reads: 'a b',
    },
  ),
  one(
    'an abstract type and a declared global',
    "declare global { interface Window { a?: string } }\nabstract class Shape { abstract area(): number }\nclass Square extends Shape { constructor(private readonly side: number) { super(); } area() { return this.side ** 2; } }\nexport default () => <p>{new Square(3).area()}{window.a ?? '!'}</p>;",
    {
      reads: '9!',
    },
  ),
  one(
    '"use client" and React for types alone',
    "'use client';\nimport type React from 'react';\nexport default function Page({ children }: { children?: React.ReactNode }) { return <main>Plans{children}</main>; }",
    {
      reads: 'Plans',
    },
  ),
  one(
    'storage and the mode',
    "import { useState } from 'react';\nexport default () => { const [t] = useState(() => localStorage.getItem('theme') ?? 'light'); localStorage.setItem('theme', t); return <p>{t} {process.env.NODE_ENV}</p>; };",
    {
      reads: 'light production',
    },
  ),
  one('what Vite gives', "export default () => <p>{import.meta.env.VITE_NAME ?? 'no name'} {import.meta.env.MODE}</p>;", {
    reads: 'no name production',
  }),
  one('require', "const React = require('react');\nfunction App() { return <p>Plans</p>; }\nmodule.exports = App;", {
    reads: 'Plans',
  }),
  one(
    'lazy',
    'import { lazy, Suspense } from \'react\';\nconst Late = lazy(async () => ({ default: () => <p>Late</p> }));\nexport default () => <Suspense fallback="Wait"><Late /></Suspense>;',
    {
      reads: 'Late',
    },
  ),
  {
    name: 'files with and without endings, and a folder',
    files: {
      'src/App.tsx':
        "import Card from './components/Card.jsx';\nimport { Button } from './components';\nimport { price } from './lib/price.js';\nexport default () => <Card><Button>{price(9)}</Button></Card>;",
      'src/components/Card.jsx': 'export default ({ children }) => <section>Card {children}</section>;',
      'src/components/index.ts': "export * from './Button';\nexport type { Props } from './Button';",
      'src/components/Button.tsx':
        'export interface Props { children?: any }\nexport const Button = ({ children }: Props) => <button>{children}</button>;',
      'src/lib/price.ts': 'export const price = (n: number): string => `$${n}`;',
    },
    reads: 'Card $9',
  },
  {
    name: 'data, a drawing and a picture that is not there',
    files: {
      'App.tsx':
        "import plans from './plans.json';\nimport logo from './logo.svg';\nimport hero from '../assets/hero.png';\nexport default () => <p>{plans[0].name}<img src={logo} alt=\"\" /><img src={hero} alt=\"\" /></p>;",
      'plans.json': '[{ "name": "Free" }]',
      'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    },
    reads: 'Free',
    holds: "[...document.images].every((image) => image.src.startsWith('data:image/svg+xml'))",
    says: ['../assets/hero.png is not in the answer: a grey box stands in for it.'],
  },
  {
    name: 'a CSS module with composed, global and local names',
    files: {
      'Card.tsx':
        "import styles from './Card.module.css';\nimport clsx from 'clsx';\nexport default () => <p className={clsx(styles.card, styles['is-on'], 'plain')}>Plans</p>;",
      'Card.module.css':
        "@import './base.css';\n.base { color: rgb(1, 2, 3) }\n.card { composes: base; composes: wide from './wide.module.css' }\n:global(.plain) { padding: 7px }\n:local(.is-on) { margin-top: 5px }",
      'wide.module.css': '.wide { width: 300px }',
      'base.css': 'p { border: 0 }',
    },
    reads: 'Plans',
    holds:
      "((style) => style.color === 'rgb(1, 2, 3)' && style.width === '300px' && style.padding === '7px' && style.marginTop === '5px')(getComputedStyle(root.querySelector('p')))",
  },
  one(
    'clsx and classnames',
    "import { clsx } from 'clsx';\nimport cx from 'classnames';\nexport default () => <p className={clsx('a', { b: true, c: false }, ['d', null])} title={cx('e', { f: 1 })}>Plans</p>;",
    {
      reads: 'Plans',
      holds: "root.querySelector('p').className === 'a b d' && root.querySelector('p').title === 'e f'",
    },
  ),
  one(
    'a button of shadcn with variants',
    "import { cva, type VariantProps } from 'class-variance-authority';\nimport { twMerge } from 'tailwind-merge';\nconst button = cva('base', { variants: { kind: { solid: 'solid', line: 'line' }, size: { s: 'small' } }, compoundVariants: [{ kind: 'line', size: 's', class: 'both' }], defaultVariants: { kind: 'line', size: 's' } });\nexport function Button({ kind }: VariantProps<typeof button>) { return <button className={twMerge(button({ kind }), 'own')}>Buy</button>; }",
    {
      reads: 'Buy',
      holds: "root.querySelector('button').className === 'base line small both own'",
      says: ['tailwind-merge is imitated: it joins class names and drops none for another.'],
    },
  ),
  one(
    'icons of Lucide',
    "import { Check, X as Close } from 'lucide-react';\nimport { FaStar } from 'react-icons/fa';\nexport default () => <p><Check className=\"h-4\" /><Close size={16} />Done<FaStar /></p>;",
    {
      reads: 'Done',
      holds: "root.querySelectorAll('svg').length === 3 && root.querySelector('[aria-label=X]').getAttribute('width') === '16'",
      says: [
        'lucide-react is a package that a preview does not have: an empty square stands in for each of its icons.',
        'react-icons/fa is a package that a preview does not have: an empty square stands in for each of its icons.',
      ],
    },
  ),
  one(
    'icons by name',
    "import * as Icons from 'lucide-react';\nconst names = ['Star', 'Heart'] as const;\nexport default () => <p>{names.map((n) => { const Icon = Icons[n]; return <Icon key={n} />; })}Done</p>;",
    {
      reads: 'Done',
      holds: "root.querySelectorAll('svg').length === 2",
      says: ['lucide-react is a package that a preview does not have: an empty square stands in for each of its icons.'],
    },
  ),
  one(
    'Next',
    "import Image from 'next/image';\nimport Link from 'next/link';\nimport { useRouter } from 'next/navigation';\nimport { Inter } from 'next/font/google';\nconst inter = Inter({ subsets: ['latin'] });\nexport default function Page() { const router = useRouter(); return <main className={inter.className}><Link href=\"/a\" onClick={() => router.push('/b')}>Go</Link><Image src=\"/a.png\" alt=\"A\" width={40} height={20} priority /></main>; }",
    {
      reads: 'Go',
      holds: "root.querySelector('img').getAttribute('width') === '40' && root.querySelector('a').getAttribute('href') === '/a'",
      says: ['next/navigation is imitated: it stays at "/".', 'next/font/google is imitated: its fonts are left out.'],
    },
  ),
  one(
    'styled-components',
    "import styled, { createGlobalStyle, css, keyframes, ThemeProvider } from 'styled-components';\nconst Body = createGlobalStyle`body { margin: 9px }`;\nconst spin = keyframes`from { opacity: 0 } to { opacity: 1 }`;\nconst Box = styled.section<{ $wide?: boolean }>`color: ${({ theme }) => theme.ink}; ${({ $wide }) => $wide && css`width: 300px;`} &:hover { color: red } @media (min-width: 1px) { padding: 7px }`;\nconst Button = styled.button.attrs({ type: 'button' })`animation: ${spin} 1ms; ${Box} & { margin: 3px }`;\nconst Big = styled(Button)`font-size: 20px;`;\nexport default () => <ThemeProvider theme={{ ink: 'rgb(1, 2, 3)' }}><Body /><Box $wide>Plans <Big>Buy</Big></Box></ThemeProvider>;",
    {
      reads: 'Plans Buy',
      holds:
        "((box, button) => box.color === 'rgb(1, 2, 3)' && box.width === '300px' && box.padding === '7px' && button.fontSize === '20px' && button.margin === '3px' && root.querySelector('button').type === 'button')(getComputedStyle(root.querySelector('section')), getComputedStyle(root.querySelector('button')))",
    },
  ),
  one(
    'motion',
    'import { AnimatePresence, motion } from \'framer-motion\';\nexport default () => <AnimatePresence>{[1, 2].map((n) => <motion.div key={n} initial={{ opacity: 0 }} animate={{ opacity: 1 }} whileHover={{ scale: 2 }} className="a">{n}</motion.div>)}</AnimatePresence>;',
    {
      reads: '1 2',
      holds: "getComputedStyle(root.querySelector('.a')).opacity === '1'",
      says: ['framer-motion is imitated: nothing moves.'],
    },
  ),
  one(
    'a router',
    'import { BrowserRouter, Link, Outlet, Route, Routes } from \'react-router-dom\';\nconst Frame = () => <><nav><Link to="/about">About</Link></nav> <Outlet /></>;\nexport default () => <BrowserRouter><Routes><Route path="/" element={<Frame />}><Route index element={<p>Home</p>} /><Route path="about" element={<p>No</p>} /></Route></Routes></BrowserRouter>;',
    { reads: 'About Home', says: ['react-router-dom is imitated: it stays at "/".'] },
  ),
  one(
    'components of shadcn that were not sent',
    "import { Button } from '@/components/ui/button';\nimport { Card, CardContent, CardTitle } from '@/components/ui/card';\nimport { cn } from '@/lib/utils';\nexport default () => <Card className={cn('a', 'b')}><CardTitle>Plans</CardTitle> <CardContent>Free <Button variant=\"outline\">Buy</Button></CardContent></Card>;",
    {
      reads: 'Plans Free Buy',
      holds: "root.querySelector('.a.b button').textContent === 'Buy'",
      says: [
        'App.tsx imports "@/components/ui/button", which is not in the answer: a box stands in for Button.',
        'App.tsx imports "@/components/ui/card", which is not in the answer: boxes stand in for Card, CardTitle and CardContent.',
        'App.tsx imports "@/lib/utils", which is not in the answer: cn only joins class names.',
      ],
    },
  ),
  one(
    'parts of a component',
    "import * as Dialog from '@radix-ui/react-dialog';\nimport { Tabs } from 'antd';\nexport default () => <Dialog.Root><Dialog.Title asChild><h1>Title</h1></Dialog.Title><Tabs.Pane /></Dialog.Root>;",
    {
      reads: 'Title Pane',
      says: [
        '@radix-ui/react-dialog is a package that a preview does not have: boxes stand in for Root and Title.',
        'antd is a package that a preview does not have: a box stands in for Tabs.',
      ],
    },
  ),
  one(
    'functions of packages',
    "import axios from 'axios';\nimport { format } from 'date-fns';\nimport { useQuery } from '@tanstack/react-query';\nimport { useForm } from 'react-hook-form';\nexport default () => { const { data, isLoading } = useQuery({ queryKey: ['a'], queryFn: () => axios.get('/a') }); const { register, handleSubmit, formState: { errors } } = useForm(); return <form onSubmit={handleSubmit(() => {})}>{isLoading ? 'Wait' : 'Ready'} {data.map((d: string) => <p key={d}>{d}</p>)}<input {...register('email')} />{errors.email && <i>{errors.email.message}</i>}{format(new Date(), 'yyyy')}</form>; };",
    {
      reads: 'Ready',
      says: [
        'axios is a package that a preview does not have: axios gives nothing.',
        'date-fns is a package that a preview does not have: format gives nothing.',
        '@tanstack/react-query is a package that a preview does not have: useQuery gives nothing.',
        'react-hook-form is a package that a preview does not have: useForm gives nothing.',
      ],
    },
  ),
  one(
    'data that is not there',
    "import { plans, type Plan } from './data/plans';\nimport Hero from './Hero';\nimport './App.css';\nexport default () => <main><Hero />{plans.map((p: Plan) => <p key={p.id}>{p.name}</p>)}<p>{plans.length} plans</p></main>;",
    {
      reads: 'Hero 0 plans',
      says: [
        'App.tsx imports ./App.css, which is not in the answer.',
        'App.tsx imports "./data/plans", which is not in the answer: plans gives nothing.',
        'App.tsx imports "./Hero", which is not in the answer: a box stands in for Hero.',
      ],
    },
  ),
  {
    name: 'what was sent with it',
    files: {
      'src/App.tsx':
        "import { Button } from '@/components/Button';\nimport styles from './App.module.css';\nimport { Badge } from '@/components/Badge';\nexport default () => <main className={styles.page}><Button>Buy</Button> <Badge>New</Badge></main>;",
    },
    sent: {
      'src/components/Button.tsx':
        "import { cn } from '../lib/cn';\nexport const Button = ({ children }: { children: string }) => <button className={cn('b')}>{children}!</button>;",
      'src/App.module.css': '.page { color: var(--ink) }',
      'src/tokens.css': ':root { --ink: rgb(1, 2, 3) }',
      'src/Unused.tsx': 'export const nothing = 1;',
    },
    reads: 'Buy! New',
    holds:
      "getComputedStyle(root.querySelector('main')).color === 'rgb(1, 2, 3)' && root.querySelector('button').className === 'b'",
    says: [
      'src/App.tsx imports "@/components/Badge", which is not in the answer, nor was it sent as it is: a box stands in for Badge.',
      'src/components/Button.tsx imports "../lib/cn", which is not in the answer, nor was it sent as it is: cn only joins class names.',
      'Taken from what was sent with the task: src/tokens.css, src/components/Button.tsx, src/App.module.css.',
    ],
  },
  {
    name: 'an alias that a project made up',
    files: {
      'App.tsx': "import Card from '@components/Card';\nexport default () => <Card />;",
      'src/components/Card.tsx': 'export default () => <p>Card</p>;',
    },
    reads: 'Card',
    says: ['App.tsx imports "@components/Card", which the answer has as src/components/Card.tsx.'],
  },
  one(
    'exports of data and a context before the component',
    "import { createContext } from 'react';\nexport const COLOURS = { ink: 'red' };\nexport const Theme = createContext('a');\nexport const Pricing = () => <p>Plans</p>;",
    { reads: 'Plans' },
  ),
  one(
    'several exports, of which one uses the others',
    'export const Card = ({ children }) => <section>{children}</section>;\nexport function CardTitle() { return <h2>Title</h2>; }\nexport function Pricing() { return <Card><CardTitle /></Card>; }',
    {
      reads: 'Title',
      says: ['App.tsx exports several components and none by default: Pricing is shown.'],
    },
  ),
  one(
    'a class without a name',
    "import { Component } from 'react';\nexport default class extends Component { render() { return <p>Plans</p>; } }",
    { reads: 'Plans' },
  ),
  one(
    'createElement alone',
    "import React from 'react';\nexport default function App() { return React.createElement('p', null, 'Plans'); }",
    { reads: 'Plans' },
  ),
  one(
    'a component of the server',
    "export const metadata = { title: 'a' };\nexport default async function Page() { const plans = await Promise.resolve(['Free']); return <p>{plans[0]}</p>; }",
    { reads: 'Free' },
  ),
  one(
    'a constant enum, a namespace import of types and definite fields',
    "import type * as R from 'react';\nconst enum Size { S = 1, L }\nclass Box { size!: Size; static all: Box[] = []; }\nconst box = new Box(); box.size = Size.L;\nexport default (props: R.PropsWithChildren) => <p>{box.size}{props.children}</p>;",
    { reads: '2' },
  ),
  one(
    'entities, comments, spread and a link of SVG',
    "const rest = { 'data-a': 'b' };\nexport default () => <p {...rest}>{/* no */}A&nbsp;&amp;&middot;B<svg><use xlinkHref=\"#a\" /></svg>{false}{null}</p>;",
    { reads: 'A &·B' },
  ),
  one(
    'styles in a style element',
    'export default () => <><style>{`.a { color: rgb(1, 2, 3) }`}</style><style jsx>{`.a { padding: 7px }`}</style><p className="a">Plans</p></>;',
    {
      reads: 'Plans',
      holds: "((style) => style.color === 'rgb(1, 2, 3)' && style.padding === '7px')(getComputedStyle(root.querySelector('.a')))",
    },
  ),
  one(
    'a mount of React 17',
    "import React from 'react';\nimport ReactDOM from 'react-dom';\nconst App = () => <p>Plans</p>;\nReactDOM.render(<App />, document.getElementById('root'));",
    { reads: 'Plans' },
  ),
  {
    name: 'a drawing as a component, and data with attributes',
    files: {
      'App.tsx':
        "import Logo from './logo.svg?react';\nimport { ReactComponent as Mark } from './mark.svg';\nimport Gone from './gone.svg?react';\nimport data from './a.json' with { type: 'json' };\nexport default () => <p><Logo className=\"l\" /><Mark /><Gone />{data.name}</p>;",
      'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'mark.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'a.json': '{ "name": "Free" }',
    },
    reads: 'Free',
    holds: 'root.querySelectorAll(\'img[src^="data:image/svg"]\').length === 3',
    says: ['./gone.svg is not in the answer: a grey box stands in for it.'],
  },
  {
    name: 'a folder with an index that hands on, and the file that mounts',
    files: {
      'src/main.tsx':
        "import { createRoot } from 'react-dom/client';\nimport { StrictMode } from 'react';\nimport App from './App';\nimport './index.css';\ncreateRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>);",
      'src/App.tsx':
        "import { Hero } from '@/sections';\nimport { PLANS } from '~/data';\nexport default function App() { return <Hero n={PLANS.length} />; }",
      'src/sections/index.ts': "export { default as Hero } from './Hero';",
      'src/sections/Hero.tsx':
        'interface Props { n: number }\nexport default function Hero({ n }: Props) { return <h1>{n} plans</h1>; }',
      'src/data.ts': "export const PLANS = ['a', 'b'] as const;",
      'src/index.css': 'h1 { color: rgb(1, 2, 3) }',
      'tailwind.config.js': 'export default {}',
      'package.json': '{}',
    },
    reads: '2 plans',
  },
  {
    name: 'something that was sent and cannot be compiled',
    files: { 'App.tsx': "import { Row } from './Row';\nexport default () => <main><Row>Plans</Row></main>;" },
    sent: { 'Row.tsx': 'export const Row = ( => <p />;' },
    reads: 'Plans',
    says: [
      'Row.tsx:1: Unexpected token.',
      'Row.tsx, which was sent with the task, cannot be compiled: something stands in for it.',
    ],
  },
  {
    name: 'names in another case, and a folder in another place',
    files: {
      'App.tsx':
        "import { Card } from './card';\nimport Hero from './Hero';\nimport { cx } from 'src/lib/cx';\nexport default () => <main className={cx('a')}><Hero /> <Card /></main>;",
      'Card.tsx': 'export const Card = () => <p>Card</p>;',
      'sections/Hero/index.tsx': 'export default () => <p>Hero</p>;',
    },
    reads: 'Hero Card',
    says: [
      'App.tsx imports "./card", which the answer has as Card.tsx.',
      'App.tsx imports "./Hero", which the answer has as sections/Hero/index.tsx.',
      'App.tsx imports "src/lib/cx", which is not in the answer: cx only joins class names.',
    ],
  },
  {
    name: 'a mistake',
    files: { 'App.tsx': 'export default () => <p>{a b}</p>;' },
    says: ['App.tsx:1: Unexpected token, expected "}".'],
  },
];

const VUE: readonly ComponentCase[] = [
  {
    name: 'script setup with props, emits and a model',
    files: {
      'App.vue': `<script setup lang="ts">
import { computed, reactive, ref, watch, onMounted } from 'vue';
import PlanCard from './PlanCard.vue';
interface Plan { name: string; price: number }
const plans = reactive<Plan[]>([{ name: 'Free', price: 0 }, { name: 'Pro', price: 9 }]);
const chosen = ref<string | null>(null);
const total = computed(() => plans.reduce((sum, plan) => sum + plan.price, 0));
const text = ref('typed');
watch(text, () => {});
onMounted(() => { chosen.value = 'Pro'; });
</script>
<template><main><PlanCard v-for="plan in plans" :key="plan.name" v-bind="plan" v-model:note="text" @choose="(name: string) => (chosen = name)"><template #footer="{ label }">{{ label }}</template></PlanCard><input v-model.trim="text" /><p v-if="chosen">{{ chosen }} {{ total }}</p></main></template>
<style scoped>main :deep(p) { color: rgb(1, 2, 3) }</style>`,
      'PlanCard.vue': `<script setup lang="ts">
const { name, price = 1 } = defineProps<{ name: string; price?: number }>();
const note = defineModel<string>('note', { default: '' });
defineEmits<{ choose: [name: string] }>();
defineSlots<{ footer(props: { label: string }): unknown }>();
</script>
<template><p @click="$emit('choose', name)">{{ name }} {{ price }} {{ note }} <slot name="footer" :label="'per month'" /></p></template>`,
    },
    reads: 'Free 0 typed per month Pro 9 typed per month Pro 9',
    holds: "getComputedStyle(root.querySelector('p')).color === 'rgb(1, 2, 3)'",
  },
  {
    name: 'defaults of typed props',
    files: {
      'Box.vue':
        "<script setup lang=\"ts\">\ntype Props = { title?: string; tags?: string[] };\nconst props = withDefaults(defineProps<Props>(), { title: 'Plans', tags: () => ['a', 'b'] });\ndefineExpose({ props });\n</script>\n<template><h1>{{ title }} {{ tags!.join('+') }}</h1></template>",
    },
    reads: 'Plans a+b',
  },
  {
    name: 'the options API',
    files: {
      'App.vue':
        '<template><p :class="{ on: isOn }" @click="flip">{{ message }} {{ upper }}</p></template>\n<script>\nexport default { name: \'App\', props: { message: { type: String, default: \'hello\' } }, data() { return { isOn: true }; }, computed: { upper() { return this.message.toUpperCase(); } }, methods: { flip() { this.isOn = !this.isOn; } }, mounted() { this.flip(); } };\n</script>',
    },
    reads: 'hello HELLO',
  },
  {
    name: 'defineComponent with setup',
    files: {
      'App.vue':
        "<script lang=\"ts\">\nimport { defineComponent, ref, type PropType } from 'vue';\nexport default defineComponent({ props: { items: { type: Array as PropType<string[]>, default: () => ['a'] } }, setup(props) { const n = ref(1); return { n, first: props.items[0] }; } });\n</script>\n<template><p>{{ n }} {{ first }}</p></template>",
    },
    reads: '1 a',
  },
  { name: 'a template alone', files: { 'App.vue': '<template><p>Plans</p></template>' }, reads: 'Plans' },
  {
    name: 'a render function in TypeScript',
    files: {
      'App.vue':
        "<script lang=\"ts\">\nimport { h } from 'vue';\nexport default { render: (): unknown => h('p', 'Plans') };\n</script>",
    },
    reads: 'Plans',
  },
  {
    name: 'transitions, teleport and a dynamic component',
    files: {
      'App.vue':
        '<script setup>\nimport { shallowRef } from \'vue\';\nimport One from \'./One.vue\';\nconst current = shallowRef(One);\n</script>\n<template><Transition name="fade"><component :is="current" /></Transition><Teleport to="body"><p id="over">Over</p></Teleport><KeepAlive><One /></KeepAlive></template>',
      'One.vue': '<template><b>One</b></template>',
    },
    reads: 'OneOne',
  },
  {
    name: 'a style module',
    files: {
      'App.vue':
        '<script setup>\nimport { useCssModule } from \'vue\';\nconst own = useCssModule();\n</script>\n<template><p :class="[$style.card, own.wide]">Plans</p></template>\n<style module>\n.base { color: rgb(1, 2, 3) }\n.card { composes: base }\n.wide { width: 300px }\n</style>',
    },
    reads: 'Plans',
    holds: "((style) => style.color === 'rgb(1, 2, 3)' && style.width === '300px')(getComputedStyle(root.querySelector('p')))",
  },
  {
    name: 'a style module with a name, and bound values',
    files: {
      'App.vue':
        '<script setup>\nimport { ref } from \'vue\';\nconst ink = ref(\'rgb(1, 2, 3)\');\n</script>\n<template><p :class="css.card">Plans</p></template>\n<style module="css">.card { width: 300px }</style>\n<style scoped>p { color: v-bind(ink) }</style>',
    },
    reads: 'Plans',
    holds: "((style) => style.color === 'rgb(1, 2, 3)' && style.width === '300px')(getComputedStyle(root.querySelector('p')))",
  },
  {
    name: 'a CSS module of its own',
    files: {
      'App.vue':
        '<script setup>import styles from \'./App.module.css\';</script>\n<template><p :class="styles.card">Plans</p></template>',
      'App.module.css': '.card { color: rgb(1, 2, 3) }',
    },
    reads: 'Plans',
    holds: "getComputedStyle(root.querySelector('p')).color === 'rgb(1, 2, 3)'",
  },
  {
    name: 'icons and components that are not there',
    files: {
      'App.vue':
        '<script setup>\nimport { Check } from \'lucide-vue-next\';\nimport BaseCard from \'@/components/BaseCard.vue\';\nimport { useRouter } from \'vue-router\';\nconst router = useRouter();\n</script>\n<template><BaseCard title="a" class="card" @click="router.push(\'/\')"><template #header>Head</template> Body <Check :size="16" /></BaseCard><RouterLink to="/">Home</RouterLink></template>',
    },
    reads: 'Head Body Home',
    holds: "root.querySelector('.card svg').getAttribute('width') === '16'",
    says: [
      'lucide-vue-next is a package that a preview does not have: an empty square stands in for each of its icons.',
      'App.vue imports "@/components/BaseCard.vue", which is not in the answer: a box stands in for BaseCard.',
      'vue-router is a package that a preview does not have: useRouter gives nothing.',
    ],
  },
  {
    name: 'a store and the file that mounts it',
    files: {
      'src/main.ts':
        "import { createApp } from 'vue';\nimport App from './App.vue';\nimport './style.css';\ncreateApp(App).mount('#app');",
      'src/App.vue':
        "<script setup lang=\"ts\">\nimport { useCart } from './stores/cart';\nconst { items, add } = useCart();\nadd('a');\n</script>\n<template><p>{{ items.length }} item</p></template>",
      'src/stores/cart.ts':
        "import { ref } from 'vue';\nexport const useCart = () => { const items = ref<string[]>([]); return { items, add: (item: string) => items.value.push(item) }; };",
      'src/style.css': 'body { margin: 0 }',
    },
    reads: '1 item',
  },
  {
    name: 'Sass, which is refused',
    files: { 'App.vue': '<template><p>a</p></template>\n<style lang="scss">\np { b { color: $ink } }\n</style>' },
    says: ['App.vue:2: styles in scss cannot be previewed.'],
  },
  {
    name: 'types from other files',
    files: {
      'src/App.vue':
        "<script setup lang=\"ts\">\nimport type { Plan } from './types';\nimport { type Extra } from '@/extra';\nconst { name = 'Free', note = 'n' } = defineProps<Plan & Extra>();\n</script>\n<template><p>{{ name }} {{ note }}</p></template>",
      'src/types.ts': 'export interface Plan { name?: string; size?: Size }\ntype Size = 1 | 2;',
      'src/extra.ts': 'export type Extra = { note?: string };',
    },
    reads: 'Free n',
  },
  {
    name: 'two scripts, a generic, options and a setup that waits',
    files: {
      'App.vue':
        "<script lang=\"ts\">\nexport const KIND = 'kind';\n</script>\n<script setup lang=\"ts\" generic=\"T extends string\">\nimport { useTemplateRef, provide, inject, toRefs, nextTick } from 'vue';\ndefineOptions({ name: 'App', inheritAttrs: false });\nconst props = defineProps<{ items?: T[] }>();\nprovide('a', 1);\nconst words = await Promise.resolve('waited');\nuseTemplateRef('box');\nconst { items } = toRefs(props);\n</script>\n<template><p ref=\"box\">{{ KIND }} {{ words }} {{ items?.length ?? 0 }}</p></template>",
    },
    reads: 'kind waited 0',
  },
  {
    name: 'nested styles in a sheet that is called Sass',
    files: {
      'App.vue':
        '<template><main><p>Plans</p></main></template>\n<style lang="scss" scoped>\n// a comment\nmain {\n  p { color: rgb(1, 2, 3); &:hover { color: red } }\n}\n</style>',
    },
    reads: 'Plans',
    holds: "getComputedStyle(root.querySelector('p')).color === 'rgb(1, 2, 3)'",
  },
  {
    name: 'Pug, which is refused',
    files: { 'App.vue': '<template lang="pug">\np Plans\n</template>' },
    says: ['App.vue:1: templates in pug cannot be previewed.'],
  },
  {
    name: 'JSX, which is refused',
    files: { 'App.vue': '<script lang="tsx">\nexport default { render: () => <p>a</p> };\n</script>' },
    says: ['App.vue: scripts in tsx cannot be previewed.'],
  },
  {
    name: 'a component that was sent',
    files: { 'App.vue': "<script setup>import Base from '@/Base.vue'</script><template><Base>Plans</Base></template>" },
    sent: { 'src/Base.vue': '<template><b><slot /></b></template><style scoped>b { color: rgb(1, 2, 3) }</style>' },
    reads: 'Plans',
    holds: "getComputedStyle(root.querySelector('b')).color === 'rgb(1, 2, 3)'",
    says: ['Taken from what was sent with the task: src/Base.vue.'],
  },
];

const SVELTE: readonly ComponentCase[] = [
  {
    name: 'runes',
    files: {
      'App.svelte':
        '<script lang="ts">\n  let { start = 2 }: { start?: number } = $props();\n  let count = $state(start);\n  let double = $derived(count * 2);\n  let all = $derived.by(() => [count, double]);\n  $effect(() => { document.title = `${count}`; });\n</script>\n<button onclick={() => count++}>{count} {double} {all.length as number}</button>',
    },
    reads: '2 4 2',
  },
  {
    name: 'snippets, and components with children',
    files: {
      'App.svelte':
        "<script>\n  import Card from './Card.svelte';\n  const plans = ['Free', 'Pro'];\n</script>\n{#snippet row(name, n)}<li>{n} {name}</li>{/snippet}\n<Card title=\"Plans\">{#snippet footer()}<i>End</i>{/snippet}<ul>{#each plans as plan, i (plan)}{@render row(plan, i)}{:else}None{/each}</ul></Card>",
      'Card.svelte':
        '<script>let { title, children, footer } = $props();</script>\n<section><h2>{title}</h2>{@render children?.()}{@render footer?.()}</section>\n<style>h2 { color: rgb(1, 2, 3) }</style>',
    },
    reads: 'Plans 0 Free 1 Pro End',
    holds: "getComputedStyle(root.querySelector('h2')).color === 'rgb(1, 2, 3)'",
  },
  {
    name: 'Svelte 4: props, statements, slots and events',
    files: {
      'App.svelte':
        "<script lang=\"ts\">\n  import { createEventDispatcher, onMount } from 'svelte';\n  import { writable, derived } from 'svelte/store';\n  import Box from './Box.svelte';\n  export let name: string = 'Ann';\n  const count = writable(1);\n  const twice = derived(count, ($n) => $n * 2);\n  const dispatch = createEventDispatcher();\n  $: hello = `Hi ${name}`;\n  onMount(() => { dispatch('ready'); });\n</script>\n<Box let:side on:press={() => ($count += 1)}>{hello} {$twice} {side}<svelte:fragment slot=\"end\">End</svelte:fragment></Box>",
      'Box.svelte': '<button on:click><slot side="left" /> <slot name="end">none</slot></button>',
    },
    reads: 'Hi Ann 2 left End',
  },
  {
    name: 'bindings, directives and blocks',
    files: {
      'App.svelte':
        "<script>\n  import { fade } from 'svelte/transition';\n  let text = $state('typed');\n  let on = $state(true);\n  const late = Promise.resolve('late');\n  const focus = (node) => { node.dataset.used = 'yes'; };\n</script>\n<input bind:value={text} use:focus /><p class:on style:color=\"rgb(1, 2, 3)\" transition:fade>{text}</p>{#if on}{#key text}<b>{@html '<i>html</i>'}</b>{/key}{/if}{#await late then word}<u>{word}</u>{/await}<svelte:window onkeydown={() => {}} />",
    },
    reads: 'typed htmllate',
  },
  { name: 'bare markup', files: { 'Card.svelte': '<h1>Plans</h1>\n<style>h1 { color: red }</style>' }, reads: 'Plans' },
  {
    name: 'a module context, and a class of state',
    files: {
      'App.svelte':
        "<script module>\n  export const KIND = 'kind';\n</script>\n<script>\n  import { Cart } from './cart.svelte.js';\n  const cart = new Cart();\n  cart.add();\n</script>\n<p>{KIND} {cart.n}</p>",
      'cart.svelte.js': 'export class Cart { n = $state(0); add() { this.n += 1; } }',
    },
    reads: 'kind 1',
  },
  {
    name: 'a CSS module, and classes by clsx',
    files: {
      'App.svelte':
        "<script>\n  import styles from './app.module.css';\n  import clsx from 'clsx';\n</script>\n<p class={clsx(styles.card, { on: true })}>Plans</p>",
      'app.module.css': '.card { color: rgb(1, 2, 3) }',
    },
    reads: 'Plans',
    holds: "getComputedStyle(root.querySelector('p.on')).color === 'rgb(1, 2, 3)'",
  },
  {
    name: 'a page of SvelteKit',
    files: {
      'src/routes/+page.svelte':
        "<script>\n  import { page } from '$app/stores';\n  import { goto } from '$app/navigation';\n  import { Check } from 'lucide-svelte';\n  import Header from '$lib/Header.svelte';\n</script>\n<Header title=\"a\">Head</Header><button onclick={() => goto('/')}>{$page.url.pathname}Go</button><Check size={16} />",
    },
    reads: 'Head Go',
    holds: "root.querySelector('svg').getAttribute('width') === '16'",
    says: [
      '$app/stores is a package that a preview does not have: page gives nothing.',
      '$app/navigation is a package that a preview does not have: goto gives nothing.',
      'lucide-svelte is a package that a preview does not have: an empty square stands in for each of its icons.',
      'src/routes/+page.svelte imports "$lib/Header.svelte", which is not in the answer: a box stands in for Header.',
    ],
  },
  {
    name: 'the other ways of Svelte 4',
    files: {
      'App.svelte':
        '<script context="module">export const KIND = \'kind\';</script>\n<script>\n  let box;\n  $: n = $$props.n ?? 1;\n  $: if (n > 5) { n = 5; }\n</script>\n<svelte:head><title>a</title></svelte:head>\n<div bind:this={box} {...$$restProps} on:click|preventDefault={() => {}} class:on={n === 1}>{KIND} {n}{#if $$slots.default}<slot />{/if}</div>',
    },
    reads: 'kind 1',
    holds: "root.querySelector('div.on') !== null",
  },
  {
    name: 'constants, debug words and a snippet as a prop',
    files: {
      'App.svelte':
        "<script lang=\"ts\">\n  import type { Snippet } from 'svelte';\n  import type { HTMLAttributes } from 'svelte/elements';\n  import List from './List.svelte';\n  interface Props extends HTMLAttributes<HTMLElement> { items?: string[]; extra?: Snippet<[number]> }\n  let { items = $bindable(['a', 'b']), extra, ...rest }: Props = $props();\n</script>\n<List {items} {...rest}>{#snippet row(item: string)}{@const upper = item.toUpperCase()}<b>{upper}</b>{/snippet}</List>{@render extra?.(1)}",
      'List.svelte': '<script>let { items, row } = $props();</script>{#each items as item}{@render row(item)}{/each}',
    },
    reads: 'AB',
  },
  {
    name: 'Sass, which is refused',
    files: { 'App.svelte': '<p>a</p>\n<style lang="scss">\n$ink: red;\np { color: $ink; b { color: red } }\n</style>' },
    says: ['App.svelte:2: styles in scss cannot be previewed.'],
  },
  {
    name: 'a component that was sent',
    files: { 'App.svelte': "<script>import Base from '$lib/Base.svelte'</script><Base>Plans</Base>" },
    sent: { 'src/lib/Base.svelte': '<script>let { children } = $props();</script><b>{@render children()}</b>' },
    reads: 'Plans',
    says: ['Taken from what was sent with the task: src/lib/Base.svelte.'],
  },
];

export const COMPONENTS = { React: REACT, Vue: VUE, Svelte: SVELTE } as const;
