import { type ComponentChildren, options } from "preact";

/** Texts from outside can hold anything: requests, worlds and the answers of other servers. */

const hidden = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text with the characters that would be invisible, or turn others around, as escapes. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** From now on, every text that is drawn is made visible, whoever draws it. */
export function drawVisibly(): void {
  const next = options.vnode;
  options.vnode = (vnode) => {
    const { props } = vnode as { readonly props: { children?: ComponentChildren; title?: unknown } };
    if (props.children !== undefined) props.children = visibleIn(props.children);
    if (typeof props.title === "string") props.title = visible(props.title);
    next?.(vnode);
  };
}

function visibleIn(children: ComponentChildren): ComponentChildren {
  if (typeof children === "string") return visible(children);
  return Array.isArray(children) ? children.map(visibleIn) : children;
}
