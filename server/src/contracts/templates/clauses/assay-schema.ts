/** The shape of what a seller promised; whether it is plausible was asked when the lot was listed. */
import { BASES } from '@seam/coal';
import { Type } from 'typebox';

const exact = { additionalProperties: false };
const basis = Type.Enum([...BASES]);
const share = Type.Object({ basisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }), basis }, exact);
const heat = Type.Object(
  { joulesPerGram: Type.Integer({ minimum: 1, maximum: 45_000 }), kind: Type.Enum(['gross', 'net']), basis },
  exact,
);
const celsius = Type.Integer({ minimum: 0, maximum: 3000 });
const millimetres = Type.Integer({ minimum: 0, maximum: 100_000 });
const shares = Type.Array(share, { maxItems: 8 });

export const assaySchema = Type.Object(
  {
    totalMoisture: share,
    inherentMoisture: Type.Optional(share),
    ash: share,
    volatileMatter: Type.Optional(share),
    sulphur: share,
    fixedCarbon: Type.Optional(share),
    hydrogen: Type.Optional(share),
    calorificValue: heat,
    hardgroveIndex: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    ashFusion: Type.Optional(
      Type.Object(
        {
          deformationCelsius: Type.Optional(celsius),
          softeningCelsius: Type.Optional(celsius),
          atmosphere: Type.Enum(['reducing', 'oxidising']),
        },
        exact,
      ),
    ),
    size: Type.Optional(Type.Object({ minMm: millimetres, maxMm: millimetres }, exact)),
    also: Type.Optional(
      Type.Object(
        {
          ash: Type.Optional(shares),
          volatileMatter: Type.Optional(shares),
          sulphur: Type.Optional(shares),
          calorificValue: Type.Optional(Type.Array(heat, { maxItems: 8 })),
        },
        exact,
      ),
    ),
  },
  exact,
);
