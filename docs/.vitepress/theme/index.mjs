// The fonts of the reader's machine: those of the theme would be loaded, and have a licence of their own.
export { default } from "vitepress/theme-without-fonts";
