import { stripVTControlCharacters } from "node:util";
import type { EngineEvent, Severity, StepMetadata } from "../events/engineEvent.ts";

/** Gathers an operation's events, numbers them and passes them on. */
export class Emitter {
	readonly events: EngineEvent[] = [];
	readonly #listen: ((event: EngineEvent) => void) | undefined;

	constructor(listen?: (event: EngineEvent) => void) {
		this.#listen = listen;
	}

	/** Tells of something. */
	emit(body: Omit<EngineEvent, "sequence" | "timestamp">): void {
		const event = { sequence: this.events.length, timestamp: Math.floor(Date.now() / 1000), ...body };
		this.events.push(event);
		this.#listen?.(event);
	}

	/** Adds a line to the diagnostics. */
	emitDiagnostic(
		severity: Severity,
		message: string,
		about: { urn?: string; ephemeral?: boolean } = {},
	): void {
		const prefix = severity === "warning" || severity === "error" || severity === "debug";
		this.emit({
			diagnosticEvent: {
				severity,
				message: `${stripVTControlCharacters(message)}\n`,
				...(prefix ? { prefix: `${severity}: ` } : {}),
				...(about.urn === undefined || about.urn === "" ? {} : { urn: about.urn }),
				...(about.ephemeral === true ? { ephemeral: true } : {}),
			},
		});
	}

	/** Adds an error to the diagnostics. */
	emitError(message: string, urn = ""): void {
		this.emitDiagnostic("error", message, { urn });
	}

	/** Tells that a step started, ended or failed. */
	step(kind: "resourcePreEvent" | "resOutputsEvent", metadata: StepMetadata, planning: boolean): void {
		this.emit({ [kind]: { metadata, ...(planning ? { planning } : {}) } });
	}
}

/** Thrown where the reason was told already: the operation fails without another word (`result.BailError`). */
export class Bail extends Error {}
