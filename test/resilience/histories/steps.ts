/** What a program says to changes by others. */
export type OnDrift = "reconcile" | "fail";

/**
 * What becomes of a request: the process dies before or after it is carried out, and sends nothing any more; the request or its
 * answer is lost on the way; a gateway answers in the service's place, after the request was carried out.
 */
export type Loss = "dies before" | "dies after" | "request lost" | "answer lost" | "gateway error";

/** What a service may answer without carrying the request out: it fails, it is busy, or it refuses. */
export type Refusal = "server error" | "throttled" | "refused";

/** How requests of an operation come to grief. */
export interface Mishap<Kind extends Loss | Refusal = Loss | Refusal> {
	readonly kind: Kind;
	/** Which request of the operation, counted from 1. */
	readonly at: number;
	/** How many of them from there on; one unless given. */
	readonly times?: number | undefined;
}

/** A program is deployed. */
export interface Up<Outside, Trouble = Mishap> {
	readonly do: "up";
	/** Refreshes in the same process first, as `pulumi up --refresh` does. */
	readonly refresh?: boolean | undefined;
	readonly adopt?: boolean | undefined;
	/** What somebody does between the plan and its application. */
	readonly between?: Outside | undefined;
	readonly mishap?: Trouble | undefined;
}

/** A step that the histories of every kind of resource know. */
export type Command<Outside, Trouble = Mishap> =
	| { readonly do: "onDrift"; readonly policy: OnDrift }
	/** A plan that is thrown away. */
	| { readonly do: "preview" }
	| Up<Outside, Trouble>
	| { readonly do: "refresh" | "destroy"; readonly mishap?: Trouble | undefined }
	| { readonly do: "outside"; readonly outside: Outside };

/** A history as a person reads it, a step a line. */
export function formatSteps(program: object, steps: readonly string[]): string {
	const lines = steps.map((step, at) => `  ${at + 1}. ${step}`);
	return [`  0. the program declares ${JSON.stringify(program)}`, ...lines].join("\n");
}

/** A step by which a program declares something from now on, or leaves it out. */
export function formatDeclaration({ knob, value }: { knob: string; value?: string | undefined }): string {
	return `the program ${value === undefined ? `leaves out ${knob}` : `declares ${knob} = "${value}"`}`;
}

/** A step that every history knows. */
export function formatCommand<Outside>(
	step: Command<Outside>,
	outsideTold: (outside: Outside) => string,
): string {
	switch (step.do) {
		case "onDrift":
			return `the program sets onDrift to ${step.policy}`;
		case "outside":
			return `somebody ${outsideTold(step.outside)}`;
		case "preview":
			return "preview";
		case "up":
			return [
				`up${step.refresh ? " --refresh" : ""}${step.adopt ? ", adopting" : ""}`,
				...(step.between ? [`after the plan somebody ${outsideTold(step.between)}`] : []),
				...formatMishap(step.mishap),
			].join("; ");
		default:
			return [step.do, ...formatMishap(step.mishap)].join("; ");
	}
}

/** How a request comes to grief, in words; none where all goes well. */
export function formatMishap(mishap: Mishap | undefined): string[] {
	if (mishap === undefined) return [];
	const { kind, at, times = 1 } = mishap;
	return [`request ${at}${times > 1 ? ` and ${times - 1} after it` : ""}: ${kind}`];
}
