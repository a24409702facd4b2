"""What the demo shop sells: handmade things for the house, as a small Brazilian shop would list them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import product as combinations

from core.catalog.model import Option, ProductContent
from core.catalog.use_cases.create import CreateProduct, NewVariant
from core.catalog.variant import VariantContent
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class Article:
    """One product. `price` and `cost` are centavos, `weight` grams; `extra` adds to the price by option value."""

    title: str
    code: str
    shape: str
    maker: str
    kind: str
    price: int
    cost: int
    weight: int
    text: str
    stock: int
    options: tuple[Option, ...] = ()
    colour: str = "Natural"
    before: int | None = None
    tags: tuple[str, ...] = ()
    extra: tuple[tuple[str, int], ...] = ()
    draft: bool = False

    @property
    def colours(self) -> tuple[str, ...]:
        """The colours that the product is drawn in, the first as its cover."""
        named = next((option.values for option in self.options if option.name == "Cor"), ())
        return named or (self.colour,)

    def command(self) -> CreateProduct:
        variants = []
        for values in combinations(*(option.values for option in self.options)):
            chosen = dict(zip((option.name for option in self.options), values, strict=True))
            code = "-".join([self.code, *(_short(value) for value in values)])
            added = sum(amount for value, amount in self.extra if value in values)
            variant = VariantContent(
                price=Money(self.price + added, "BRL"),
                option_values=chosen,
                sku=code,
                compare_at=Money(self.before + added, "BRL") if self.before else None,
                cost=Money(self.cost, "BRL"),
                weight_grams=self.weight,
            )
            variants.append(NewVariant(variant, self.stock))
        content = ProductContent(
            title=self.title,
            slug="",
            description_html=f"<p>{self.text}</p>",
            vendor=self.maker,
            product_type=self.kind,
            tags=self.tags,
        )
        return CreateProduct(content, tuple(variants), self.options)


def _short(value: str) -> str:
    """An option's value as part of a SKU: three letters without accents."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    return plain.upper().replace(" ", "")[:3]


def _colour(*values: str) -> Option:
    return Option("Cor", values)


ARTICLES: tuple[Article, ...] = (
    Article("Caneca Barro 300 ml", "CAN-BAR-300", "mug", "Ateliê Suenaga", "Cozinha", 6990, 2410, 410,
            "Caneca de cerâmica torneada à mão em Cunha, SP. Esmalte fosco por dentro. Vai ao micro-ondas.", 60,
            (_colour("Terracota", "Musgo", "Areia", "Ferrugem"),), tags=("cerâmica", "feito à mão")),
    Article("Manta Algodão Tear 150 cm", "MAN-TEA-150", "cloth", "Tecelagem Resende", "Sala", 28990, 14200, 1420,
            "Manta de algodão tecida em tear manual em Resende Costa, MG. Franja torcida à mão.", 24,
            (_colour("Azul", "Cru"),), before=32990, tags=("algodão", "tear")),
    Article("Café Mantiqueira", "CAF-MAN", "bag", "Sítio da Torre", "Despensa", 3290, 1680, 270,
            "Café especial da Serra da Mantiqueira, torra média, notas de rapadura e laranja.", 90,
            (Option("Peso", ("250 g", "500 g")), Option("Moagem", ("Grãos", "Moído"))), colour="Café",
            tags=("café",), extra=(("500 g", 2200),)),
    Article("Bowl Musgo 14 cm", "BOW-MUS-014", "bowl", "Ateliê Suenaga", "Cozinha", 5490, 1890, 380,
            "Para sopa, açaí ou frutas. Cerâmica de alta temperatura, esmalte verde-musgo.", 48, colour="Musgo",
            tags=("cerâmica",)),
    Article("Prato Raso Barro 27 cm", "PRA-BAR-027", "plate", "Ateliê Suenaga", "Cozinha", 8990, 3150, 720,
            "Prato raso de borda baixa, barro vermelho. Cada peça tem pequenas diferenças de cor.", 40,
            (_colour("Terracota", "Areia"),), tags=("cerâmica", "feito à mão")),
    Article("Vela Capim-limão", "VEL-CAP", "candle", "Casa de Cheiro", "Quarto", 4590, 1320, 340,
            "Cera vegetal de coco, pavio de algodão, 40 horas. Copo de vidro que vira copo.", 70, colour="Verde",
            tags=("vela",)),
    Article("Cesto Piaçava", "CES-PIA", "basket", "Trançados do Baixio", "Sala", 11990, 4800, 900,
            "Trançado em piaçava por artesãs do sul da Bahia. Guarda lenha, mantas ou brinquedos.", 30,
            (Option("Tamanho", ("P", "M", "G")),), tags=("fibra",), extra=(("M", 4000), ("G", 9000))),
    Article("Luminária Cúpula", "LUM-CUP", "lamp", "Oficina Norte", "Sala", 45900, 20450, 2100,
            "Pendente de alumínio repuxado, soquete E27, fio de 1,5 m. Lâmpada não incluída.", 12,
            (_colour("Ferrugem", "Musgo"),), tags=("iluminação",)),
    Article("Tábua Angelim 40 cm", "TAB-ANG-040", "board", "Marcenaria Jatobá", "Cozinha", 13990, 5600, 1300,
            "Madeira de manejo, acabamento em óleo mineral. Lavar à mão e secar em pé.", 35, tags=("madeira",)),
    Article("Almofada Tear Barro 50 cm", "ALM-TEA-050", "pillow", "Tecelagem Resende", "Quarto", 16990, 6700, 650,
            "Capa de algodão com zíper e enchimento de fibra. Lavar a capa na máquina, ciclo suave.", 28,
            (_colour("Terracota", "Azul"),), tags=("algodão", "tear")),
    Article("Rede Sisal Casal", "RED-SIS", "hammock", "Redes Jaguaruana", "Varanda", 38900, 17900, 2900,
            "Rede de casal em algodão e sisal, varanda de crochê. Suporta 180 kg.", 10, colour="Cru",
            before=45900, tags=("algodão",)),
    Article("Garrafa Esmaltada 1 L", "GAR-ESM-1L", "bottle", "Esmaltados Ouro Preto", "Cozinha", 9890, 3900, 560,
            "Ágata branca com borda colorida, tampa de rosca. Mantém o frio por 4 horas.", 40,
            (_colour("Branco", "Azul"),), tags=("ágata",)),
    Article("Colher de Pau Jatobá", "COL-PAU", "spoon", "Marcenaria Jatobá", "Cozinha", 2890, 900, 90,
            "Cabo longo, peça única de jatobá. Não risca a panela.", 120, tags=("madeira",)),
    Article("Banco Peroba 45 cm", "BAN-PER-045", "stool", "Marcenaria Jatobá", "Sala", 52900, 26800, 5200,
            "Peroba de demolição, encaixe sem pregos. Cada banco tem as marcas da casa de onde veio.", 6,
            tags=("madeira", "feito à mão")),
    Article("Moringa Barro 1 L", "MOR-BAR-1L", "bottle", "Ateliê Suenaga", "Quarto", 12490, 4300, 980,
            "Moringa com copo-tampa. O barro respira e a água fica fresca sem geladeira.", 22, colour="Terracota",
            tags=("cerâmica",)),
    Article("Pano de Prato Linho, 3 peças", "PAN-LIN-3", "cloth", "Tecelagem Resende", "Cozinha", 7990, 2900, 240,
            "Linho lavado, barra feita à mão. Seca rápido e fica mais macio a cada lavagem.", 55, colour="Cru",
            tags=("linho",)),
    Article("Fruteira Raiz", "FRU-RAI", "bowl", "Marcenaria Jatobá", "Cozinha", 24900, 11000, 1900,
            "Escavada em raiz de imbuia caída. Chega em dezembro.", 0, tags=("madeira",), draft=True),
)  # fmt: skip
