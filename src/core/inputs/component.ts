/** Components in the source of a framework, told by what only that framework's files hold, and only then by their name. */

export type ComponentLanguage = 'tsx' | 'jsx' | 'vue' | 'svelte';

const VUE_BLOCK = /^<template(?:\s[^>]{0,400})?>/m;
const SVELTE_SYNTAX =
  /\{[#:@](?:if|each|await|key|snippet|else|then|catch|html|render|const)\b|\$(?:props|state|derived|effect|bindable)\s{0,20}(?:<[^>]{0,200}>)?\(|\s(?:on|bind|class|use|transition):[a-z]+=?\{?/i;
const SCOPED_STYLE = /^<style\s[^>]{0,200}\bscoped\b/m;
const SCRIPT_BLOCK = /^<script(?:\s[^>]{0,400})?>/m;
const JSX_RETURN = /(?:return\s{0,80}\(?|=>\s{0,80}\(?)\s{0,80}<(?:[A-Za-z][\w.]*[\s/>]|>)/;
/** What only JSX writes in a tag, for a piece of it that stands alone. */
const JSX_ATTRIBUTE =
  /<[a-z][\w.-]{0,80}\s[^<>]{0,400}\b(?:className=["'{]|on[A-Z]\w{0,80}=\{|style=\{\{)|<[A-Z][\w.]{0,80}\s[^<>]{0,400}=\{/;
const MODULE =
  /^[ \t]{0,80}(?:import\s|export\s|(?:async\s{1,20})?function\s|const\s|let\s|class\s|['"]use (?:client|server)['"])/m;
const TYPED =
  /^[ \t]{0,80}(?:interface\s{1,20}\w|type\s{1,20}\w{1,80}\s{0,20}=|import\s{1,20}type\s)|\)\s{0,20}:\s{0,20}(?:JSX|React)\.|<\w{0,80}(?:Props|Type)>|\{[^{}]{0,400}\}\s{0,20}:\s{0,20}\w{0,80}Props\b|:\s{0,20}(?:string|number|boolean)\b/m;

/** The language of a component; undefined for what is none. */
export function componentLanguage(name: string, text: string): ComponentLanguage | undefined {
  const isPage = /<(?:!doctype|html|body)\b/i.test(text.slice(0, 2000));
  if (!isPage && VUE_BLOCK.test(text) && (SCRIPT_BLOCK.test(text) || SCOPED_STYLE.test(text) || /\.vue$/i.test(name)))
    return 'vue';
  if (!isPage && SVELTE_SYNTAX.test(text) && (SCRIPT_BLOCK.test(text) || /\.svelte$/i.test(name))) return 'svelte';
  if (/^\s*</.test(text)) {
    if (isPage) return undefined;
    return byName(name, ['vue', 'svelte']) ?? (JSX_ATTRIBUTE.test(text) ? (byName(name, ['tsx', 'jsx']) ?? 'jsx') : undefined);
  }
  if (JSX_RETURN.test(text) && MODULE.test(text)) return byName(name, ['tsx', 'jsx']) ?? (TYPED.test(text) ? 'tsx' : 'jsx');
  return byName(name, ['tsx', 'jsx', 'vue', 'svelte']);
}

const byName = (name: string, of: readonly ComponentLanguage[]): ComponentLanguage | undefined =>
  of.find((language) => name.toLowerCase().endsWith(`.${language}`));
