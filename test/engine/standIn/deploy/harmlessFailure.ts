/** Thrown by a step that may fail without stopping the others: one that would delete what is protected. */
export class HarmlessFailure extends Error {}
