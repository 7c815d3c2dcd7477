import { ticksToMilliseconds } from "../clock.ts";
import type { Switches } from "./switches.ts";

/** Why an identity is written out: some members look different in the answers to create, update and read. */
export type Occasion = "create" | "update" | "read";

/** A moment as the hub writes it; undefined is "never", the first moment of year 1. */
export function formatStamp(ticks: bigint | undefined, occasion: Occasion, wire: Switches["wire"]): string {
	if (ticks === undefined) return `0001-01-01T00:00:00${suffix(occasion, wire)}`;
	const seconds = new Date(ticksToMilliseconds(ticks)).toISOString().slice(0, 19);
	const fraction = (ticks % 10_000_000n).toString().padStart(7, "0");
	const shown = wire === "2026" && occasion === "read" ? fraction : fraction.replace(/0+$/, "");
	return `${seconds}${shown ? `.${shown}` : ""}Z`;
}

/** The recorded create answers lack the `Z`; today's GET answers carry seven zeros. */
function suffix(occasion: Occasion, wire: Switches["wire"]): string {
	if (wire === "2020") return occasion === "create" ? "" : "Z";
	return occasion === "read" ? ".0000000Z" : "Z";
}
